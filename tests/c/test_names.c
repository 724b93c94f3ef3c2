/* The largest manifests there may be, from a thread with as little stack as musl gives: depth must cost neither stack nor memory. */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_STACK = 128 * 1024, INTENTS = 256, PARTS = 256, MOST_BYTES = 1024 * 1024, BYTES_A_PART = 600 };

/* All below "<number>/", each of so many parts; one part too many with "/end". */
static char *manifest(const char *part, int parts, const char *end) {
    char *json = malloc(MOST_BYTES + 1);
    char *at = json + sprintf(json, "{\"agent_id\":\"a\",\"session_id\":\"s\",\"ttl\":60000,\"intents\":[");
    int i, depth;
    for (i = 0; i < INTENTS; i++) {
        at += sprintf(at, "%s{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"%d", i == 0 ? "" : ",", i);
        for (depth = 1; depth < parts; depth++) at += sprintf(at, "/%s", part);
        at += sprintf(at, "%s\"}", end);
    }
    sprintf(at, "]}");
    return json;
}

static void hold_and_let_go(klock_t *klock, const char *part) {
    char *json = manifest(part, PARTS, "");
    CHECK(succeeded(klock_acquire_all(klock, json)));
    free(json);
    CHECK(answered(acquire(klock, "b", "7/**", "MUTATES", 1000), "\"conflicts_total\":1"));
    CHECK(answered(klock_end_session(klock, "{\"agent_id\":\"a\",\"session_id\":\"s\"}"), "\"released\":256"));
    CHECK(answered(klock_list_leases(klock, NULL), "\"data\":[]"));
}

static void *ask(void *unused) {
    klock_t *klock = open_store();
    char *json = manifest("d", PARTS, "/d");
    hold_and_let_go(klock, "d");
    hold_and_let_go(klock, "thirteen-byte");
    CHECK(answered(klock_acquire_all(klock, json), "has 257 parts, the names between its slashes: at most 256 are allowed"));
    free(json);
    klock_close(klock);
    return unused;
}

static void a_thread_with_a_small_stack_may_hold_the_deepest_names(void) {
    pthread_attr_t attributes;
    pthread_t thread;
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, SMALL_STACK) == 0);
    if (CHECK(pthread_create(&thread, &attributes, ask, NULL) == 0)) CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

/* In kB, of the whole process. */
static long memory(void) {
    char line[256];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    if (status == NULL) return -1;
    while (fgets(line, sizeof line, status) != NULL)
        if (sscanf(line, "VmHWM: %ld kB", &kilobytes) == 1) break;
    fclose(status);
    return kilobytes;
}

/* What the deepest manifest costs is a bound for each part of its names; with one text a directory it was their square. */
static void memory_is_linear_in_the_names(void) {
    klock_t *klock = open_store();
    long before = memory();
    hold_and_let_go(klock, "d");
    CHECK(before > 0 && memory() - before < (long)INTENTS * PARTS * BYTES_A_PART / 1024);
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(memory_is_linear_in_the_names);
    RUN(a_thread_with_a_small_stack_may_hold_the_deepest_names);
    return CHECK_RESULT;
}
