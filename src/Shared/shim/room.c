#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "room.h"

static void *wait_at(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

int klock_can_start_threads(int count)
{
    pthread_t threads[KLOCK_MOST_THREADS];
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    sigset_t all, before;
    int started = 0;

    /* A host's signal handlers must not run on these threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&gate);
    while (started < count && started < KLOCK_MOST_THREADS && pthread_create(&threads[started], NULL, wait_at, &gate) == 0) {
        started++;
    }
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started >= count;
}

/*
 * Under a limit on address space (ulimit -v) the runtime reserves half of that limit, and some for its tables. The half is there
 * once; a forked child that loads a second copy may find that its parent's has left too little.
 */
int klock_has_address_space(size_t more)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return 1;
    }
    size_t bytes = limit.rlim_cur / 2 + limit.rlim_cur / 16 + more;
    void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED && munmap(room, bytes) == 0;
}

const char *klock_why_no_runtime(int threads, size_t bytes)
{
    if (!klock_has_address_space(bytes)) {
        return "The limit on address space (ulimit -v) leaves too little room for Klock: raise it.";
    }
    if (!klock_can_start_threads(threads)) {
        return "Too few threads can be started: the limit on processes and threads (ulimit -u, or pids of a container or service) is"
               " reached. Raise it, or end others.";
    }
    return NULL;
}
