/*
 * A host that loads the library at run time, as Python and Node do. Usage: test_load <storage> <path of libklock.so>.
 * It is not linked against the library, so the answers are looked at here and not through support.h.
 */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "klock.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { SMALL_STACK = 256 * 1024, FOREIGN_THREADS = 50 };

static const char *library_path;

static struct {
    klock_t *(*open)(const char *, char **);
    void (*close)(klock_t *);
    char *(*acquire)(klock_t *, const char *);
    void (*free)(char *);
} api;

static int find(void *library, const char *name, void *function, size_t size) {
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, size); /* C99 has no cast from an object pointer to a function pointer */
    return symbol != NULL;
}

static int grants(void) {
    klock_t *klock = api.open(NULL, NULL);
    char *answer = api.acquire(klock, "{\"agent_id\":\"a\",\"session_id\":\"s\",\"resource_type\":\"FILE\","
                                      "\"resource_path\":\"a\",\"predicate\":\"MUTATES\",\"ttl\":1000}");
    int granted = answer != NULL && strncmp(answer, "{\"success\":true,", 16) == 0;
    api.free(answer);
    api.close(klock);
    return granted;
}

static void it_loads_from_another_folder(void) {
    void *library;
    CHECK(chdir("/") == 0);
    library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (!CHECK(library != NULL)) {
        fprintf(stderr, "%s\n", dlerror());
        return;
    }
    CHECK(find(library, "klock_open", &api.open, sizeof api.open));
    CHECK(find(library, "klock_close", &api.close, sizeof api.close));
    CHECK(find(library, "klock_acquire", &api.acquire, sizeof api.acquire));
    CHECK(find(library, "klock_free", &api.free, sizeof api.free));
    CHECK(grants());
    CHECK(dlclose(library) == 0);
}

static void it_stays_after_dlclose(void) {
    void *again;
    CHECK(grants());
    again = dlopen(library_path, RTLD_NOW | RTLD_GLOBAL);
    CHECK(again != NULL);
    CHECK(grants());
    CHECK(dlclose(again) == 0);
    CHECK(grants());
}

static void *grant_in_thread(void *result) {
    *(int *)result = grants();
    return NULL;
}

static void threads_with_small_stacks_may_call(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    int granted, i;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, SMALL_STACK) == 0);
    for (i = 0; i < FOREIGN_THREADS; i++) {
        granted = 0;
        if (!CHECK(pthread_create(&thread, &attributes, grant_in_thread, &granted) == 0)) return;
        CHECK(pthread_join(thread, NULL) == 0 && granted);
    }
    pthread_attr_destroy(&attributes);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    library_path = argv[2];
    RUN(it_loads_from_another_folder);
    if (api.free == NULL) return 1;
    RUN(it_stays_after_dlclose);
    RUN(threads_with_small_stacks_may_call);
    return CHECK_RESULT;
}
