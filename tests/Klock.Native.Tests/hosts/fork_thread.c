/*
 * A thread other than the first forks, while others make the runtime take its locks and collect garbage, and ends in the child as
 * threads end: usage: fork_thread TEST_LIBRARY CHILDREN. The runtime there must not wait for a thread that the fork left behind.
 * (The child has a second thread to end the process: the library's finalizer thread would keep it alive.)
 */
#include <pthread.h>
#include <stdatomic.h>

#include "host.h"

static klock_t *klock;
static atomic_int stop;

static void *one_call(void *unused)
{
    char id[33];
    host_acquire(klock, "/x", "s", id);
    host_release(klock, id);
    return unused;
}

static void *come_and_go(void *unused)
{
    while (!stop) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, one_call, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    return unused;
}

static void *collect(void *unused)
{
    while (!stop) {
        CALL("klock_test_collect", void (*)(void))();
        /* About as long as a collection takes: one right after the other takes the runtime's lock, which is not fair, from all threads. */
        usleep(200);
    }
    return unused;
}

static void *wait_for(void *forker)
{
    CHECK(pthread_join(*(pthread_t *)forker, NULL) == 0);
    exit(0);
}

static void *fork_and_leave(void *unused)
{
    one_call(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        static pthread_t forker;
        pthread_t waiter;
        alarm(60);
        forker = pthread_self();
        CHECK(host_is_closed(klock));
        CHECK(pthread_create(&waiter, NULL, wait_for, &forker) == 0);
        pthread_exit(NULL);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    host_ended_well(status);
    return unused;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    load(argv[1]);
    klock = host_open(NULL);
    pthread_t others[3];
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&others[i], NULL, i == 0 ? collect : come_and_go, NULL) == 0);
    }
    for (int i = 0; i < atoi(argv[2]); i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, fork_and_leave, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    stop = 1;
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(others[i], NULL) == 0);
    }
    puts("ok");
    return 0;
}
