/*
 * fork() while other threads are busy inside the library, then everything a child may do: usage: fork_busy LIBRARY FILE CHILDREN
 *
 * Each child finds its inherited handles closed, opens stores of its own, starts threads (which get the stacks and the thread-local
 * memory of threads that the fork left behind), forks a child of its own, and ends by exit(). What it was granted on the file it
 * tells the parent, who finds all of it there in the end.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "host.h"

enum { BUSY = 2, CHILD_THREADS = 4, GRANTS_EACH = 100 };

static klock_t *memory, *file;
static char file_options[512];
static atomic_int stop, calls;

static void *busy(void *number)
{
    char path[64], session[32], id[33];
    snprintf(session, sizeof session, "busy%d", (int)(intptr_t)number);
    for (int i = 0; !stop; i++, calls++) {
        klock_t *klock = i % 8 == 0 ? file : memory;
        snprintf(path, sizeof path, "/%s/%d", session, i % 100);
        host_acquire(klock, path, session, id);
        CHECK(id[0] != '\0');
        host_release(klock, id);
    }
    return NULL;
}

/* Leaves other bytes wherever a thread of the parent had its frames. */
static __attribute__((noinline)) void scribble(int depth)
{
    volatile char room[4096];
    memset((void *)room, 0x5a, sizeof room);
    if (depth > 0) {
        scribble(depth - 1);
    }
    room[0] = 0;
}

static void *use_own(void *klock)
{
    char path[32], id[33];
    scribble(16);
    for (int i = 0; i < GRANTS_EACH; i++) {
        snprintf(path, sizeof path, "/own/%d/%d", (int)(intptr_t)pthread_self(), i);
        host_acquire(klock, path, "child", id);
        CHECK(id[0] != '\0');
    }
    return NULL;
}

/* Takes one lease on the file that stays, and sends the parent its id. */
static void take_and_tell(int tell, const char *name)
{
    char path[64], id[33];
    klock_t *own = host_open(file_options);
    snprintf(path, sizeof path, "/kept/%s/%d", name, (int)getpid());
    host_acquire(own, path, name, id);
    CHECK(id[0] != '\0');
    CHECK(write(tell, id, 32) == 32);
}

static void child(int tell)
{
    alarm(120);
    CHECK(host_is_closed(memory));
    CHECK(host_is_closed(file));
    take_and_tell(tell, "child");

    klock_t *own = host_open(NULL);
    CHECK(own != memory && own != file);
    for (int round = 0; round < 2; round++) {
        pthread_t threads[CHILD_THREADS];
        for (int i = 0; i < CHILD_THREADS; i++) {
            CHECK(pthread_create(&threads[i], NULL, use_own, own) == 0);
        }
        for (int i = 0; i < CHILD_THREADS; i++) {
            CHECK(pthread_join(threads[i], NULL) == 0);
        }
    }

    pid_t pid = fork();
    if (pid == 0) {
        CHECK(host_is_closed(memory) && host_is_closed(file) && host_is_closed(own));
        take_and_tell(tell, "grandchild");
        exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(!host_is_closed(own));
    exit(0);
}

/* Every id that was sent is listed by the parent's own handle on the file, and none was sent twice. */
static void find_all(int told, int expected)
{
    static char all[4 * 1024 * 1024];
    static char ids[4096][33];
    host_send("klock_list_leases", file, "{\"resource\":\"FILE:/kept/**\"}", all, sizeof all);
    int n = 0;
    for (; n < 4096 && read(told, ids[n], 32) == 32; n++) {
        CHECK(strstr(all, ids[n]) != NULL);
        for (int i = 0; i < n; i++) {
            CHECK(strcmp(ids[i], ids[n]) != 0);
        }
    }
    CHECK(n == expected);
}

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    load(argv[1]);
    /* What children took is looked for when they are gone. */
    snprintf(file_options, sizeof file_options, "{\"storage\":\"sqlite:%s?synchronous=normal\",\"bind_to_process\":false}", argv[2]);
    int children = atoi(argv[3]);
    memory = host_open(NULL);
    file = host_open(file_options);
    CHECK(chdir("/") == 0);

    alarm(600);
    int pipe_ends[2];
    CHECK(pipe(pipe_ends) == 0);
    pthread_t threads[BUSY];
    for (int i = 0; i < BUSY; i++) {
        CHECK(pthread_create(&threads[i], NULL, busy, (void *)(intptr_t)i) == 0);
    }
    for (int i = 0; i < children; i++) {
        int before = calls;
        pid_t pid = fork();
        if (pid == 0) {
            child(pipe_ends[1]);
        }
        int status;
        CHECK(waitpid(pid, &status, 0) == pid);
        host_ended_well(status);
        /* The parent's own threads go on. If they did not, the alarm would end this. */
        while (calls == before) {
            usleep(1000);
        }
    }
    stop = 1;
    for (int i = 0; i < BUSY; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    close(pipe_ends[1]);
    find_all(pipe_ends[0], 2 * children);
    puts("ok");
    return 0;
}
