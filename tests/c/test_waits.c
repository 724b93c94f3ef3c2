/* wait_ms: which requests are queued or parked, what ends a wait, and what it leaves. */
#define _XOPEN_SOURCE 700
#include "waiter.h"

#include <signal.h>
#include <string.h>

static void give_back(klock_t *klock, const char *id) { CHECK(succeeded(with_lease(klock_release, klock, id))); }

static void the_senior_queues_and_is_granted_on_release(void) {
    klock_t *klock = open_store();
    waiter_t senior;
    char id[LEASE_ID_SIZE], *granted;
    CHECK(succeeded(register_agent(klock, "q-old", 1)));
    CHECK(take(klock, "q-new", "queue.c", "MUTATES", id));
    waiter_acquire(&senior, klock, "q-old", "queue.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "q-old"));
    sleep_ms(20);
    give_back(klock, id);
    granted = waiter_answer(&senior);
    CHECK(has(granted, "{\"success\":true,\"data\":{\"lease_id\":\"") && has(granted, "\"agent_id\":\"q-old\""));
    CHECK(number(granted, "expires_at") == number(granted, "acquired_at") + 60000);
    klock_free(granted);
    CHECK(count_events(klock, "PARKED", "q-old") == 0);
    klock_close(klock);
}

static void the_junior_waits_aside_and_is_granted_on_release(void) {
    klock_t *klock = open_store();
    waiter_t junior;
    char id[LEASE_ID_SIZE];
    CHECK(succeeded(register_agent(klock, "p-old", 1)));
    CHECK(take(klock, "p-old", "park.c", "MUTATES", id));
    waiter_acquire(&junior, klock, "p-new", "park.c", "MUTATES");
    CHECK(happened(klock, "PARKED", "p-new"));
    give_back(klock, id);
    CHECK(succeeded(waiter_answer(&junior)));
    CHECK(count_events(klock, "QUEUED", "p-new") == 0);
    klock_close(klock);
}

static void a_wait_outlives_the_holders_ttl(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    CHECK(succeeded(acquire(klock, "ttl-1", "runs-out.c", "MUTATES", 200)));
    waiter_acquire(&waiter, klock, "ttl-2", "runs-out.c", "MUTATES");
    CHECK(succeeded(waiter_answer(&waiter)));
    klock_close(klock);
}

static void revoke_lets_the_waiter_in(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "rv-1", "revoked.c", "MUTATES", id));
    waiter_acquire(&waiter, klock, "rv-2", "revoked.c", "MUTATES");
    CHECK(happened(klock, "PARKED", "rv-2"));
    CHECK(succeeded(with_lease(klock_revoke, klock, id)));
    CHECK(succeeded(waiter_answer(&waiter)));
    klock_close(klock);
}

static char *wait_for(klock_t *klock, const char *agent, const char *path, unsigned wait_ms) {
    char json[512];
    snprintf(json, sizeof json,
             "{\"agent_id\":\"%s\",\"session_id\":\"s-%s\",\"resource_type\":\"FILE\",\"resource_path\":\"%s\","
             "\"predicate\":\"MUTATES\",\"ttl\":60000,\"wait_ms\":%u}",
             agent, agent, path, wait_ms);
    return klock_acquire(klock, json);
}

/* The one that timed out was older than the third: had it stayed in the queue, the third would be refused. */
static void a_wait_that_times_out_leaves_the_queue(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], *refused;
    CHECK(succeeded(register_agent(klock, "t-old", 1)));
    CHECK(take(klock, "t-held", "timeout.c", "MUTATES", id));
    refused = wait_for(klock, "t-old", "timeout.c", 30);
    CHECK(has(refused, "{\"success\":false,\"reason\":\"WAIT_TIMEOUT\",\"wait_time\":1000,\"message\":\""));
    CHECK(has(refused, "\"conflicts\":[{\"agent_id\":\"t-held\"") && has(refused, "\"state\":\"held\""));
    CHECK(has(refused, "\"conflicts_total\":1}"));
    klock_free(refused);
    CHECK(answered(wait_for(klock, "t-parked", "timeout.c", 30), "\"reason\":\"WAIT_TIMEOUT\""));
    CHECK(count_events(klock, "QUEUED", "t-old") == 1 && count_events(klock, "PARKED", "t-parked") == 1);
    give_back(klock, id);
    CHECK(succeeded(acquire(klock, "t-third", "timeout.c", "MUTATES", 60000)));
    klock_close(klock);
}

static void without_a_wait_or_with_0_the_answer_comes_at_once(void) {
    klock_t *klock = open_store();
    CHECK(succeeded(register_agent(klock, "z-old", 1)));
    CHECK(succeeded(acquire(klock, "z-held", "zero.c", "MUTATES", 60000)));
    CHECK(answered(acquire(klock, "z-old", "zero.c", "MUTATES", 60000), "\"reason\":\"WAIT\""));
    CHECK(answered(wait_for(klock, "z-old", "zero.c", 0), "\"reason\":\"WAIT\""));
    CHECK(answered(wait_for(klock, "z-new", "zero.c", 0), "\"reason\":\"DIE\""));
    CHECK(count_events(klock, "QUEUED", "z-old") == 0 && count_events(klock, "PARKED", "z-new") == 0);
    klock_close(klock);
}

static void a_junior_that_holds_something_dies_at_once(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    CHECK(succeeded(register_agent(klock, "h-old", 1)));
    CHECK(take(klock, "h-old", "holds.c", "MUTATES", id));
    CHECK(take(klock, "h-new", "another.c", "MUTATES", id));
    CHECK(answered(wait_for(klock, "h-new", "holds.c", 3600000), "\"reason\":\"DIE\""));
    klock_close(klock);
}

/* A reader holds, a writer waits: the next reader is refused because of the writer alone. */
static void who_comes_later_meets_those_that_wait(void) {
    klock_t *klock = open_store();
    waiter_t writer;
    char id[LEASE_ID_SIZE], *refused;
    CHECK(succeeded(register_agent(klock, "l-writer", 1)));
    CHECK(take(klock, "l-reader", "later.c", "CONSUMES", id));
    waiter_acquire(&writer, klock, "l-writer", "later.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "l-writer"));
    refused = acquire(klock, "l-late", "later.c", "CONSUMES", 60000);
    CHECK(has(refused, "\"reason\":\"DIE\"") && has(refused, "\"conflicts_total\":1}"));
    CHECK(has(refused, "\"agent_id\":\"l-writer\",\"session_id\":\"s-l-writer\",\"resource\":\"FILE:later.c\","
                       "\"predicate\":\"MUTATES\",\"state\":\"waiting\""));
    klock_free(refused);
    give_back(klock, id);
    CHECK(succeeded(waiter_answer(&writer)));
    klock_close(klock);
}

static void first_come_first_served(void) {
    klock_t *klock = open_store();
    waiter_t first, second;
    char id[LEASE_ID_SIZE], *granted;
    CHECK(succeeded(register_agent(klock, "f-2", 2)));
    CHECK(succeeded(register_agent(klock, "f-1", 1)));
    CHECK(take(klock, "f-held", "first.c", "MUTATES", id));
    waiter_acquire(&first, klock, "f-2", "first.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "f-2"));
    waiter_acquire(&second, klock, "f-1", "first.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "f-1"));
    give_back(klock, id);
    granted = waiter_answer(&first);
    field(granted, "lease_id", id, sizeof id);
    klock_free(granted);
    CHECK(count_events(klock, "GRANTED", "f-1") == 0);
    give_back(klock, id);
    CHECK(succeeded(waiter_answer(&second)));
    klock_close(klock);
}

static void closing_the_handle_ends_its_waits(void) {
    klock_t *klock = open_store();
    waiter_t queued, parked;
    CHECK(succeeded(register_agent(klock, "c-old", 1)));
    CHECK(succeeded(register_agent(klock, "c-held", 2)));
    CHECK(succeeded(acquire(klock, "c-held", "closed.c", "MUTATES", 60000)));
    waiter_acquire(&queued, klock, "c-old", "closed.c", "MUTATES");
    waiter_acquire(&parked, klock, "c-new", "closed.c", "MUTATES");
    CHECK(happened(klock, "QUEUED", "c-old"));
    CHECK(happened(klock, "PARKED", "c-new"));
    klock_close(klock);
    CHECK(failed_with(waiter_answer(&queued), "CLOSED"));
    CHECK(failed_with(waiter_answer(&parked), "CLOSED"));
}

static void ending_the_session_ends_its_waits(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "e-held", "ended.c", "MUTATES", id));
    waiter_acquire(&waiter, klock, "e-waits", "ended.c", "MUTATES");
    CHECK(happened(klock, "PARKED", "e-waits"));
    CHECK(answered(klock_end_session(klock, "{\"agent_id\":\"e-waits\",\"session_id\":\"s-e-waits\"}"), "{\"released\":0}"));
    CHECK(failed_with(waiter_answer(&waiter), "CLOSED"));
    give_back(klock, id);
    CHECK(answered(klock_list_leases(klock, "{\"resource\":\"FILE:ended.c\"}"), "\"data\":[]"));
    klock_close(klock);
}

static volatile sig_atomic_t signals;
static void count_signal(int number) { signals += number > 0; }

static void a_signal_does_not_end_a_wait(void) {
    klock_t *klock = open_store();
    struct sigaction action;
    waiter_t waiter;
    char id[LEASE_ID_SIZE];
    int tries;
    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(take(klock, "s-held", "signal.c", "MUTATES", id));
    waiter_acquire(&waiter, klock, "s-waits", "signal.c", "MUTATES");
    CHECK(happened(klock, "PARKED", "s-waits"));
    sleep_ms(20);
    CHECK(pthread_kill(waiter.thread, SIGUSR1) == 0);
    for (tries = 0; signals == 0 && tries < 2000; tries++) sleep_ms(10);
    CHECK(signals == 1);
    sleep_ms(50);
    CHECK(count_events(klock, "WAIT_ENDED", "s-waits") == 0);
    give_back(klock, id);
    CHECK(succeeded(waiter_answer(&waiter)));
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(the_senior_queues_and_is_granted_on_release);
    RUN(the_junior_waits_aside_and_is_granted_on_release);
    RUN(a_wait_outlives_the_holders_ttl);
    RUN(revoke_lets_the_waiter_in);
    RUN(a_wait_that_times_out_leaves_the_queue);
    RUN(without_a_wait_or_with_0_the_answer_comes_at_once);
    RUN(a_junior_that_holds_something_dies_at_once);
    RUN(who_comes_later_meets_those_that_wait);
    RUN(first_come_first_served);
    RUN(closing_the_handle_ends_its_waits);
    RUN(ending_the_session_ends_its_waits);
    RUN(a_signal_does_not_end_a_wait);
    return CHECK_RESULT;
}
