/*
 * Threads, and processes on one file, fight for three files and the folder above them, while a witness checks.
 * Usage: test_hammer <storage>, or as a worker of itself: test_hammer worker <storage> <witness file> <number>.
 */
#define _XOPEN_SOURCE 700
#include "support.h"
#include "witness.h"

#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { THREADS = 16, PROCESSES = 8, GRANTS_EACH = 40, TRIES_EACH = 20000 };

static const char *const paths[] = {"hammer/0.c", "hammer/1.c", "hammer/2.c", "hammer/**"};
static const char *program;

typedef struct {
    klock_t *klock; /* NULL: go to the resources without asking */
    witness_t *witness;
    int number;
} worker_t;

/* One stay at a resource, if Klock lets us. Answers whether it did. */
static int visit(const worker_t *worker, int resource, int writes, unsigned stay_ms) {
    char agent[32], id[LEASE_ID_SIZE];
    char *answer;
    uint64_t token;
    snprintf(agent, sizeof agent, "worker-%d", worker->number);
    answer = acquire(worker->klock, agent, paths[resource], writes ? "MUTATES" : "CONSUMES", 600000);
    if (!has(answer, "{\"success\":true,")) {
        if (has(answer, "\"reason\":\"WAIT\"")) witness_count(&worker->witness->waits);
        else if (has(answer, "\"reason\":\"DIE\"")) witness_count(&worker->witness->dies);
        else witness_count(&worker->witness->errors), fprintf(stderr, "%s\n", answer == NULL ? "NULL" : answer);
        klock_free(answer);
        return 0;
    }
    token = number(answer, "fencing_token");
    field(answer, "lease_id", id, sizeof id);
    klock_free(answer);
    witness_enter(worker->witness, resource, writes, token);
    sleep_ms(stay_ms);
    witness_leave(worker->witness, resource, writes);
    witness_count(&worker->witness->grants);
    if (!succeeded(with_lease(klock_release, worker->klock, id))) witness_count(&worker->witness->errors);
    return 1;
}

static void visit_without_asking(const worker_t *worker, int resource, int writes, unsigned stay_ms) {
    witness_enter(worker->witness, resource, writes, 0);
    sleep_ms(stay_ms);
    witness_leave(worker->witness, resource, writes);
}

static void *work(void *argument) {
    const worker_t *worker = (const worker_t *)argument;
    unsigned seed = 7919U * (unsigned)(worker->number + 1);
    int done = 0, tries;
    for (tries = 0; done < GRANTS_EACH && tries < TRIES_EACH; tries++) {
        int dice = rand_r(&seed) % 16;
        int resource = dice == 0 ? WITNESS_ALL : dice % WITNESS_RESOURCES;
        int writes = resource == WITNESS_ALL || rand_r(&seed) % 2 == 0;
        unsigned stay_ms = (unsigned)rand_r(&seed) % 3;
        if (worker->klock == NULL) visit_without_asking(worker, resource, writes, stay_ms), done++;
        else if (visit(worker, resource, writes, stay_ms)) done++;
        else sleep_ms(1 + (unsigned)rand_r(&seed) % 3);
    }
    return NULL;
}

static witness_t *new_witness(const char *path) {
    unlink(path);
    return witness_open(path);
}

static void run_threads(klock_t *klock, witness_t *witness) {
    pthread_t threads[THREADS];
    worker_t workers[THREADS];
    int i;
    for (i = 0; i < THREADS; i++) {
        workers[i].klock = klock;
        workers[i].witness = witness;
        workers[i].number = i;
        CHECK(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

static void judge(const witness_t *witness, uint64_t grants) {
    fprintf(stderr, "grants %llu, waits %llu, dies %llu\n", (unsigned long long)witness->grants, (unsigned long long)witness->waits,
            (unsigned long long)witness->dies);
    CHECK(witness->grants == grants);
    CHECK(witness->overlaps == 0);
    CHECK(witness->stale_tokens == 0);
    CHECK(witness->errors == 0);
    CHECK(witness->waits + witness->dies > 0);
}

static void the_witness_sees_overlaps_when_nobody_asks(void) {
    witness_t *witness = new_witness("witness-control");
    if (!CHECK(witness != NULL)) return;
    run_threads(NULL, witness);
    CHECK(witness->overlaps > 0);
}

static void sixteen_threads_on_one_handle(void) {
    witness_t *witness = new_witness("witness-threads");
    klock_t *klock = open_store();
    if (!CHECK(witness != NULL)) return;
    run_threads(klock, witness);
    judge(witness, THREADS * GRANTS_EACH);
    CHECK(answered(klock_list_leases(klock, NULL), "\"data\":[]"));
    klock_close(klock);
}

static void eight_processes_on_one_file(void) {
    witness_t *witness = new_witness("witness-processes");
    pid_t children[PROCESSES];
    int i, status;
    if (!CHECK(witness != NULL)) return;
    for (i = 0; i < PROCESSES; i++) {
        char number_text[16];
        char *arguments[6];
        snprintf(number_text, sizeof number_text, "%d", i);
        arguments[0] = (char *)program;
        arguments[1] = (char *)"worker";
        arguments[2] = (char *)storage;
        arguments[3] = (char *)"witness-processes";
        arguments[4] = number_text;
        arguments[5] = NULL;
        CHECK(posix_spawn(&children[i], program, NULL, NULL, arguments, environ) == 0);
    }
    for (i = 0; i < PROCESSES; i++) CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
    judge(witness, PROCESSES * GRANTS_EACH);
}

static int worker_main(char **argv) {
    worker_t worker;
    storage = argv[2];
    worker.witness = witness_open(argv[3]);
    worker.number = atoi(argv[4]);
    if (worker.witness == NULL) return 3;
    worker.klock = open_store();
    work(&worker);
    klock_close(worker.klock);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "worker") == 0) return worker_main(argv);
    use_storage(argc, argv);
    program = argv[0];
    RUN(the_witness_sees_overlaps_when_nobody_asks);
    RUN(sixteen_threads_on_one_handle);
    if (strncmp(storage, "sqlite:", 7) == 0) RUN(eight_processes_on_one_file);
    return CHECK_RESULT;
}
