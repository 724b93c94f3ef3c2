/* fork(): inherited handles are closed in the child, the child opens its own, and nothing of either is lost. */
#define _XOPEN_SOURCE 700
#include "waiter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUSY_THREADS = 3, FORKS = 40, CHILD_LEASES = 5, IDS = 20 };

/* Runs the body in a forked child, which is given up on after 20 s, and answers its exit code, or 100 + its signal. */
static int in_child(int (*body)(void *), void *argument) {
    int status = 0;
    pid_t child;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        alarm(20);
        exit(body(argument));
    }
    if (child < 0 || waitpid(child, &status, 0) != child) return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int use_the_library(void *unused) {
    klock_t *klock = open_store();
    int fine = succeeded(acquire(klock, "child", "first.c", "MUTATES", 1));
    (void)unused;
    klock_close(klock);
    return fine ? 0 : 1;
}

static void a_child_of_a_parent_that_never_called(void) { CHECK(in_child(use_the_library, NULL) == 0); }

static int inherited_is_closed(void *handle) {
    klock_t *inherited = (klock_t *)handle;
    if (!failed_with(acquire(inherited, "child", "x.c", "MUTATES", 1000), "CLOSED")) return 1;
    if (!failed_with(klock_list_leases(inherited, NULL), "CLOSED")) return 2;
    if (!failed_with(klock_evict_expired(inherited), "CLOSED")) return 3;
    klock_close(inherited);
    return use_the_library(NULL);
}

static void an_inherited_handle_is_closed_and_the_parents_lives_on(void) {
    klock_t *klock = open_store(), *idle = open_store();
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "parent", "parent.c", "MUTATES", id));
    CHECK(in_child(inherited_is_closed, klock) == 0);
    CHECK(in_child(inherited_is_closed, idle) == 0);
    CHECK(succeeded(with_lease(klock_heartbeat, klock, id)));
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(succeeded(klock_list_leases(idle, NULL)));
    klock_close(idle);
    klock_close(klock);
}

static int fork_again(void *handle) { return in_child(inherited_is_closed, handle); }

static void a_grandchild_works_too(void) {
    klock_t *klock = open_store();
    CHECK(in_child(fork_again, klock) == 0);
    CHECK(succeeded(klock_list_leases(klock, NULL)));
    klock_close(klock);
}

typedef struct {
    klock_t *klock;
    int number, stop;
    unsigned failures, rounds;
} busy_t;

static void *keep_busy(void *argument) {
    busy_t *busy = (busy_t *)argument;
    char agent[32], path[64], id[LEASE_ID_SIZE];
    snprintf(agent, sizeof agent, "busy-%d", busy->number);
    snprintf(path, sizeof path, "busy/%d", busy->number);
    while (!__atomic_load_n(&busy->stop, __ATOMIC_SEQ_CST)) {
        if (!take(busy->klock, agent, path, "MUTATES", id) || !succeeded(with_lease(klock_release, busy->klock, id))) busy->failures++;
        busy->rounds++;
    }
    return NULL;
}

static int child_takes_leases(void *argument) {
    klock_t *klock = open_store();
    char agent[32], path[64], id[LEASE_ID_SIZE];
    int i;
    snprintf(agent, sizeof agent, "fork-%d", *(int *)argument);
    for (i = 0; i < CHILD_LEASES; i++) {
        snprintf(path, sizeof path, "fork/%d/%d", *(int *)argument, i);
        if (!take(klock, agent, path, "MUTATES", id)) return 1;
    }
    if (*(int *)argument % 2 == 0) klock_close(klock);
    return 0;
}

/* On a file the leases of every child are there in the end; on memory each child had its own store. */
static void count_the_leases_of_children(klock_t *klock) {
    char *listed = klock_list_leases(klock, "{\"resource\":\"FILE:fork/**\"}");
    unsigned expected = strncmp(storage, "sqlite:", 7) == 0 ? FORKS * CHILD_LEASES : 0;
    CHECK(count_text(listed, "\"id\":\"") == expected);
    klock_free(listed);
}

static void forks_while_threads_are_inside_the_library(void) {
    klock_t *klock = open_store();
    pthread_t threads[BUSY_THREADS];
    busy_t busy[BUSY_THREADS];
    int i;
    for (i = 0; i < BUSY_THREADS; i++) {
        busy_t start = {klock, i, 0, 0, 0};
        busy[i] = start;
        CHECK(pthread_create(&threads[i], NULL, keep_busy, &busy[i]) == 0);
    }
    for (i = 0; i < FORKS; i++) CHECK(in_child(child_takes_leases, &i) == 0);
    for (i = 0; i < BUSY_THREADS; i++) __atomic_store_n(&busy[i].stop, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < BUSY_THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(busy[i].failures == 0 && busy[i].rounds > 0);
    }
    count_the_leases_of_children(klock);
    klock_close(klock);
}

static int tell_ids(void *output) {
    klock_t *klock = klock_open(NULL, NULL);
    char id[LEASE_ID_SIZE];
    int i;
    for (i = 0; i < IDS; i++)
        if (!take(klock, "ids", "ids.c", "MUTATES", id) || write(*(int *)output, id, LEASE_ID_SIZE) != LEASE_ID_SIZE) return 1;
    return 0;
}

static void ids_do_not_repeat_in_the_child(void) {
    klock_t *klock = klock_open(NULL, NULL);
    char theirs[IDS][LEASE_ID_SIZE], mine[LEASE_ID_SIZE];
    int ends[2], i, j;
    CHECK(take(klock, "ids", "ids.c", "MUTATES", mine));
    if (!CHECK(pipe(ends) == 0)) return;
    CHECK(in_child(tell_ids, &ends[1]) == 0);
    if (!CHECK(read(ends[0], theirs, sizeof theirs) == (ssize_t)sizeof theirs)) return;
    for (i = 0; i < IDS; i++) {
        CHECK(take(klock, "ids", "ids.c", "MUTATES", mine));
        for (j = 0; j < IDS; j++) CHECK(strcmp(mine, theirs[j]) != 0);
    }
    close(ends[0]);
    close(ends[1]);
    klock_close(klock);
}

static int do_nothing(void *unused) { return unused == NULL ? 0 : 1; }

/* fork() makes the parent open the file anew: it must still be the file of klock_open, wherever the process has gone. */
static void the_file_stays_the_same_after_chdir_and_fork(void) {
    klock_t *klock = open_store();
    int here = open(".", O_RDONLY);
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "walker", "walk.c", "MUTATES", id));
    CHECK(chdir("/") == 0);
    CHECK(in_child(do_nothing, NULL) == 0);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(fchdir(here) == 0);
    close(here);
    klock_close(klock);
}

/* The child works, also on the same file; it sees no wait of its own ending, and the parent's waiters still get their leases. */
static void a_fork_leaves_those_that_wait_waiting(void) {
    klock_t *klock = open_store();
    waiter_t queued, parked;
    char id[LEASE_ID_SIZE], *granted;
    CHECK(succeeded(register_agent(klock, "wait-old", 1)));
    CHECK(succeeded(register_agent(klock, "wait-held", 2)));
    CHECK(take(klock, "wait-held", "wait.c", "MUTATES", id));
    waiter_acquire(&queued, klock, "wait-old", "wait.c", "MUTATES");
    waiter_acquire(&parked, klock, "wait-new", "wait.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "wait-old"));
    CHECK(happened(klock, "PARKED", "wait-new"));
    CHECK(in_child(inherited_is_closed, klock) == 0);
    CHECK(in_child(inherited_is_closed, klock) == 0);
    CHECK(count_events(klock, "WAIT_ENDED", "wait-old") == 0 && count_events(klock, "WAIT_ENDED", "wait-new") == 0);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    granted = waiter_answer(&queued);
    field(granted, "lease_id", id, sizeof id);
    klock_free(granted);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(succeeded(waiter_answer(&parked)));
    klock_close(klock);
}

static int wait_for_the_parent(void *unused) {
    klock_t *klock = open_store();
    waiter_t waiter;
    waiter_acquire(&waiter, klock, "heir", "inherited.c", "MUTATES");
    (void)unused;
    return succeeded(waiter_answer(&waiter)) ? 0 : 1;
}

typedef struct {
    klock_t *klock;
    const char *id;
} parting_t;

static void *release_when_the_child_waits(void *argument) {
    const parting_t *parting = (const parting_t *)argument;
    if (happened(parting->klock, "PARKED", "heir")) klock_free(with_lease(klock_release, parting->klock, parting->id));
    return NULL;
}

/* Two processes on one file: the release in one is the grant in the other. */
static void a_child_waits_for_its_parent(void) {
    klock_t *klock = open_store();
    pthread_t thread;
    char id[LEASE_ID_SIZE];
    parting_t parting;
    CHECK(succeeded(register_agent(klock, "testator", 1)));
    CHECK(take(klock, "testator", "inherited.c", "MUTATES", id));
    parting.klock = klock;
    parting.id = id;
    CHECK(pthread_create(&thread, NULL, release_when_the_child_waits, &parting) == 0);
    CHECK(in_child(wait_for_the_parent, NULL) == 0);
    pthread_join(thread, NULL);
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(a_child_of_a_parent_that_never_called);
    RUN(an_inherited_handle_is_closed_and_the_parents_lives_on);
    RUN(a_grandchild_works_too);
    RUN(forks_while_threads_are_inside_the_library);
    RUN(a_fork_leaves_those_that_wait_waiting);
    if (strncmp(storage, "sqlite:", 7) == 0) RUN(a_child_waits_for_its_parent);
    RUN(ids_do_not_repeat_in_the_child);
    RUN(the_file_stays_the_same_after_chdir_and_fork);
    return CHECK_RESULT;
}
