/* The error in a forked child that cannot load the library: usage: fork_ask LIBRARY [remove]. Prints the child's error. */
#include "host.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2 || argc == 3);
    load(argv[1]);
    klock_t *klock = host_open(NULL);
    if (argc == 3) {
        CHECK(unlink(argv[1]) == 0);
    }
    pid_t pid = fork();
    if (pid == 0) {
        char *error = NULL;
        char answer[1024];
        CHECK(CALL("klock_open", klock_t * (*)(const char *, char **))(NULL, &error) == NULL);
        CHECK(error != NULL);
        host_send("klock_acquire", klock, "{}", answer, sizeof answer);
        CHECK(strcmp(answer, error) == 0);
        CALL("klock_free", void (*)(char *))(error);
        CALL("klock_close", void (*)(klock_t *))(klock);
        puts(answer);
        exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    host_ended_well(status);
    CHECK(!host_is_closed(klock));
    return 0;
}
