/*
 * A host with an SQLite of its own, an older one: usage: own_sqlite TEST_LIBRARY FOLDER, linked with -lsqlite3.
 * Each of the two must go on using its own. Prints both versions, the host's first.
 */
#include <sqlite3.h>

#include "host.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    char path[512], id[33];
    sqlite3 *database;
    snprintf(path, sizeof path, "%s/host.db", argv[2]);
    CHECK(sqlite3_open(path, &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, "CREATE TABLE t(x); INSERT INTO t VALUES(1)", NULL, NULL, NULL) == SQLITE_OK);

    load(argv[1]);
    snprintf(path, sizeof path, "{\"storage\":\"sqlite:%s/klock.db\"}", argv[2]);
    klock_t *klock = host_open(path);
    host_acquire(klock, "/a", "s", id);
    CHECK(id[0] != '\0');

    CHECK(sqlite3_exec(database, "INSERT INTO t VALUES(2)", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_close(database) == SQLITE_OK);
    printf("%d %d\n", sqlite3_libversion_number(), (int)CALL("klock_test_sqlite_version", int32_t(*)(void))());
    return 0;
}
