/*
 * A process that may start no thread gets an error from every function, and the library works in it once it may.
 * Usage: few_threads LIBRARY. Run by root, who has no such limit, it becomes somebody else first.
 */
#include <sys/resource.h>

#include "host.h"

enum { NOBODY_ELSE = 54321 };

static char *try_to_open(klock_t **klock)
{
    char *error = NULL;
    *klock = CALL("klock_open", klock_t * (*)(const char *, char **))(NULL, &error);
    return error;
}

static void may_start(rlim_t threads)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NPROC, &limit) == 0);
    limit.rlim_cur = threads;
    CHECK(setrlimit(RLIMIT_NPROC, &limit) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    load(argv[1]);
    CHECK(getuid() != 0 || setuid(NOBODY_ELSE) == 0);
    klock_t *klock;
    char answer[1024], lease[33];
    for (int i = 0; i < 3; i++) {
        may_start(1);
        char *error = try_to_open(&klock);
        CHECK(klock == NULL && error != NULL);
        CHECK(strstr(error, "\"success\":false,\"code\":\"INTERNAL\",\"error\":\"Too few threads can be started") != NULL);
        CALL("klock_free", void (*)(char *))(error);
        host_send("klock_acquire", NULL, "{}", answer, sizeof answer);
        CHECK(strstr(answer, "Too few threads") != NULL);
    }
    may_start(1000);
    char *error = try_to_open(&klock);
    CHECK(klock != NULL && error == NULL);

    /* From here on it needs no other. */
    may_start(1);
    host_acquire(klock, "x", "s", lease);
    CHECK(lease[0] != '\0');
    host_release(klock, lease);
    puts("ok");
    return 0;
}
