/* Which copy of the library serves this process: this one, until a fork; after it a fresh one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "library.h"
#include "room.h"

static _Atomic(const struct klock_library *) in_use;

static pthread_mutex_t choosing = PTHREAD_MUTEX_INITIALIZER;
static int this_copy_was_used; /* under `choosing` */
static unsigned generation;    /* how many copies were loaded; under `choosing` */

/* This copy's runtime belongs to a process that we were forked from. Only ever set, and only in a child with one thread. */
static int left_behind;

static char path_of_this_file[PATH_MAX];

static void forget_in_child(void)
{
    static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
    left_behind = this_copy_was_used;
    choosing = fresh;
    atomic_store_explicit(&in_use, NULL, memory_order_release);
}

/* At load time, not at the first call: a fork may come between, and a relative path is valid only now. */
__attribute__((constructor)) static void prepare(void)
{
    Dl_info self;
    if (dladdr((const void *)&klock_library_here, &self) == 0 || realpath(self.dli_fname, path_of_this_file) == NULL) {
        path_of_this_file[0] = '\0';
    }
    if (pthread_atfork(NULL, NULL, forget_in_child) != 0) {
        in_use = klock_library_missing("No memory was left to prepare the library for fork().");
    }
}

/* What a runtime needs: the thread that runs its finalizers, and memory beside what it reserves. */
enum { THREADS = 1, BYTES = 64 << 20 };

/* Under `choosing`. */
static const struct klock_library *find(void)
{
    /* A resource that is missing now may be there at the next call, so the result is not kept. */
    const char *why = klock_why_no_runtime(THREADS, BYTES);
    if (why != NULL) {
        return klock_library_missing(why);
    }
    const struct klock_library *library =
        this_copy_was_used ? klock_library_load(path_of_this_file, ++generation) : &klock_library_here;
    this_copy_was_used = 1;
    atomic_store_explicit(&in_use, library, memory_order_release);
    return library;
}

static const struct klock_library *choose(void)
{
    pthread_mutex_lock(&choosing);
    const struct klock_library *library = atomic_load_explicit(&in_use, memory_order_relaxed);
    if (library == NULL) {
        library = find();
    }
    pthread_mutex_unlock(&choosing);
    return library;
}

const struct klock_library *klock_library_in_use(void)
{
    const struct klock_library *library = atomic_load_explicit(&in_use, memory_order_acquire);
    return library != NULL ? library : choose();
}

/*
 * The runtime registers a callback for the end of threads, and takes its locks in it. The thread that called fork() lives on in the child
 * and ends there too, where another thread may have left those locks taken for good: the runtime must not be called then. The linker
 * redirects the runtime's call of pthread_key_create to here (--wrap).
 */
static void (*runtime_thread_ended)(void *);

static void thread_ended(void *value)
{
    if (!left_behind) {
        runtime_thread_ended(value);
    }
}

int __real_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));

int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    if (runtime_thread_ended != NULL || destructor == NULL) {
        return __real_pthread_key_create(key, destructor);
    }
    runtime_thread_ended = destructor;
    return __real_pthread_key_create(key, thread_ended);
}
