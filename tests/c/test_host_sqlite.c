/*
 * A host that links the system's SQLite beside libklock: each must keep its own. Were their symbols mixed up, two SQLites
 * would share one set of structures, or Klock would run on the host's old one, which can corrupt a file in WAL mode.
 */
#include "support.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 50, OLDEST_SAFE_SQLITE = 3051003 };

static int rows_in(sqlite3 *database) {
    sqlite3_stmt *statement = NULL;
    int rows = -1;
    if (sqlite3_prepare_v2(database, "select count(*) from t", -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        rows = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return rows;
}

static void the_host_keeps_its_own_sqlite(void) {
    klock_t *klock = open_store();
    CHECK(strcmp(sqlite3_libversion(), SQLITE_VERSION) == 0);
    CHECK(strcmp(sqlite3_sourceid(), SQLITE_SOURCE_ID) == 0);
    CHECK(succeeded(acquire(klock, "host", "version.c", "CONSUMES", 60000)));
    CHECK(strcmp(sqlite3_libversion(), SQLITE_VERSION) == 0);
    klock_close(klock);
}

static void both_work_in_turns(void) {
    klock_t *klock = open_store();
    sqlite3 *database = NULL;
    int i;
    CHECK(sqlite3_open("host.db", &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, "pragma journal_mode=wal; create table t(x)", NULL, NULL, NULL) == SQLITE_OK);
    for (i = 0; i < ROWS; i++) {
        CHECK(sqlite3_exec(database, "insert into t values(randomblob(500))", NULL, NULL, NULL) == SQLITE_OK);
        CHECK(succeeded(acquire(klock, "host", "turns.c", "CONSUMES", 60000)));
    }
    CHECK(rows_in(database) == ROWS);
    CHECK(answered(klock_list_leases(klock, "{\"resource\":\"FILE:turns.c\"}"), "turns.c"));
    klock_close(klock);
    CHECK(rows_in(database) == ROWS);
    CHECK(sqlite3_close(database) == SQLITE_OK);
}

static void memory_of_the_one_is_freed_by_the_one(void) {
    sqlite3_int64 before = sqlite3_memory_used();
    klock_t *klock = open_store();
    CHECK(succeeded(acquire(klock, "host", "memory.c", "CONSUMES", 60000)));
    CHECK(sqlite3_memory_used() == before);
    klock_close(klock);
    CHECK(sqlite3_memory_used() == before);
}

/* SQLite writes the number of the library that last changed a file into its header, big-endian at byte 96. */
static void the_store_was_written_by_a_safe_sqlite(void) {
    unsigned char header[100];
    long version;
    FILE *file;
    if (strncmp(storage, "sqlite:", 7) != 0) return;
    file = fopen(storage + 7, "rb");
    if (!CHECK(file != NULL)) return;
    CHECK(fread(header, 1, sizeof header, file) == sizeof header);
    fclose(file);
    version = ((long)header[96] << 24) | ((long)header[97] << 16) | ((long)header[98] << 8) | header[99];
    fprintf(stderr, "the store was written by SQLite %ld, the host has %d\n", version, sqlite3_libversion_number());
    CHECK(version >= OLDEST_SAFE_SQLITE);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(the_host_keeps_its_own_sqlite);
    RUN(both_work_in_turns);
    RUN(memory_of_the_one_is_freed_by_the_one);
    if (strncmp(storage, "sqlite:", 7) == 0) RUN(the_store_was_written_by_a_safe_sqlite);
    return CHECK_RESULT;
}
