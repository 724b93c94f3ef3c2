/* A host that runs for months: nothing may grow with the number of calls, threads or handles. */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>

enum { ROUNDS = 300, STRETCHES = 25, HANDLES = 60, THREADS = 100, NOISE_BYTES = 30000 };

static size_t bytes_in_use(void) { return mallinfo2().uordblks; }

static unsigned files_in_use(void) {
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) return 0;
    while (readdir(folder) != NULL) count++;
    closedir(folder);
    return count;
}

static void call_everything(klock_t *klock, int round) {
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "grow", "grow.c", "MUTATES", id));
    CHECK(answered(acquire(klock, "other", "grow.c", "MUTATES", 1000), "\"success\":false"));
    CHECK(succeeded(register_agent(klock, "free", (unsigned)round)));
    CHECK(succeeded(with_lease(klock_heartbeat, klock, id)));
    CHECK(succeeded(klock_declare_intents(klock, "{\"agent_id\":\"d\",\"session_id\":\"s\",\"intents\":[{\"predicate\":\"CONSUMES\","
                                                 "\"resource_type\":\"FILE\",\"resource_path\":\"x\"}]}")));
    CHECK(succeeded(klock_renew_session(klock, "{\"agent_id\":\"grow\",\"session_id\":\"s-grow\"}")));
    CHECK(succeeded(klock_acquire_all(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"ttl\":60000,\"intents\":[{\"predicate\":"
                                             "\"RENAMES\",\"resource_type\":\"FILE\",\"resource_path\":\"y\"}]}")));
    CHECK(succeeded(klock_end_session(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\"}")));
    CHECK(answered(klock_acquire(klock, "{\"agent_id\":\"other\",\"session_id\":\"s\",\"resource_type\":\"FILE\",\"resource_path\":"
                                        "\"grow.c\",\"predicate\":\"MUTATES\",\"ttl\":1000,\"wait_ms\":1}"),
                   "\"reason\":\"WAIT_TIMEOUT\""));
    CHECK(succeeded(klock_events(klock, NULL)));
    CHECK(succeeded(klock_canonical_path("{\"path\":\"x\"}")));
    CHECK(succeeded(klock_list_leases(klock, NULL)));
    CHECK(succeeded(klock_list_waiters(klock, NULL)));
    CHECK(succeeded(klock_list_agents(klock, NULL)));
    CHECK(succeeded(klock_snapshot(klock, NULL)));
    CHECK(succeeded(klock_evict_expired(klock)));
    CHECK(succeeded(with_lease(round % 2 == 0 ? klock_release : klock_revoke, klock, id)));
    CHECK(failed_with(klock_acquire(klock, "{"), "INVALID_REQUEST"));
    CHECK(failed_with(klock_acquire(NULL, "{}"), "CLOSED"));
    CHECK(klock_open("{\"storage\":7}", NULL) == NULL);
}

/* Memory grows until SQLite's page cache is full, and must stop then: a leak would go on for ever. */
static void memory_stops_growing_with_calls(void) {
    klock_t *klock = open_store();
    size_t before, after = bytes_in_use();
    int i, stretch = 0;
    do {
        before = after;
        for (i = 0; i < ROUNDS; i++) call_everything(klock, i);
        after = bytes_in_use();
    } while (after > before + NOISE_BYTES && ++stretch < STRETCHES);
    CHECK(stretch < STRETCHES);
    klock_close(klock);
}

static void open_use_close(void) {
    klock_t *klock = open_store();
    CHECK(succeeded(acquire(klock, "hand", "hand.c", "CONSUMES", 1)));
    klock_close(klock);
}

static void memory_and_files_do_not_grow_with_handles(void) {
    size_t before;
    unsigned files;
    int i;
    for (i = 0; i < HANDLES; i++) open_use_close();
    before = bytes_in_use();
    files = files_in_use();
    for (i = 0; i < HANDLES; i++) open_use_close();
    CHECK(bytes_in_use() < before + NOISE_BYTES);
    CHECK(files > 0 && files_in_use() == files);
}

static void *one_call(void *klock) {
    klock_free(klock_list_agents((klock_t *)klock, NULL));
    return NULL;
}

static void memory_does_not_grow_with_threads(void) {
    klock_t *klock = open_store();
    pthread_t thread;
    size_t before = 0;
    int i;
    for (i = 0; i < 2 * THREADS; i++) {
        if (i == THREADS) before = bytes_in_use();
        if (!CHECK(pthread_create(&thread, NULL, one_call, klock) == 0)) break;
        pthread_join(thread, NULL);
    }
    CHECK(bytes_in_use() < before + NOISE_BYTES);
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(memory_stops_growing_with_calls);
    RUN(memory_and_files_do_not_grow_with_handles);
    RUN(memory_does_not_grow_with_threads);
    return CHECK_RESULT;
}
