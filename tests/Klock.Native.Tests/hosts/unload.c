/* A host that unloads the library, while a thread that has used it still runs, goes on and can load it again. */
#include <pthread.h>

#include "host.h"

static pthread_barrier_t unloaded;

static void *user(void *unused)
{
    char id[33];
    klock_t *klock = host_open(NULL);
    host_acquire(klock, "/a", "s", id);
    CHECK(id[0] != '\0');
    pthread_barrier_wait(&unloaded);
    pthread_barrier_wait(&unloaded);
    return unused;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    load(argv[1]);
    pthread_barrier_init(&unloaded, NULL, 2);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, user, NULL) == 0);
    pthread_barrier_wait(&unloaded);
    CHECK(dlclose(library) == 0);
    pthread_barrier_wait(&unloaded);
    CHECK(pthread_join(thread, NULL) == 0);

    load(argv[1]);
    CHECK(host_open(NULL) != NULL);
    puts("ok");
    return 0;
}
