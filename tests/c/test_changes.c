/* klock_change_lease: the predicate of a lease, changed in place. */
#include "waiter.h"

#include <string.h>

static const char *change_json(char json[256], const char *id, const char *predicate, unsigned wait_ms) {
    snprintf(json, 256, "{\"lease_id\":\"%s\",\"predicate\":\"%s\",\"wait_ms\":%u}", id, predicate, wait_ms);
    return json;
}

static char *change(klock_t *klock, const char *id, const char *predicate) {
    char json[256];
    return klock_change_lease(klock, change_json(json, id, predicate, 0));
}

/* Whether the one lease of the agent has that predicate. */
static int is_held_for(klock_t *klock, const char *agent, const char *predicate) {
    char filter[128], expected[64], *listed;
    int right;
    snprintf(filter, sizeof filter, "{\"agent_id\":\"%s\"}", agent);
    snprintf(expected, sizeof expected, "\"predicate\":\"%s\"", predicate);
    listed = klock_list_leases(klock, filter);
    right = count_text(listed, "\"id\":\"") == 1 && has(listed, expected);
    klock_free(listed);
    return right;
}

static void a_change_keeps_the_id_and_gets_a_new_token_and_ttl(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], same[LEASE_ID_SIZE], *granted = acquire(klock, "keep", "keep.c", "CONSUMES", 60000), *changed;
    field(granted, "lease_id", id, sizeof id);
    sleep_ms(20);
    changed = change(klock, id, "mutates");
    field(changed, "lease_id", same, sizeof same);
    CHECK(has(changed, "{\"success\":true,\"data\":{\"lease_id\":\"") && strcmp(id, same) == 0);
    CHECK(has(changed, "\"session_id\":\"s-keep\",\"resource\":\"FILE:keep.c\",\"predicate\":\"MUTATES\""));
    CHECK(number(changed, "fencing_token") > number(granted, "fencing_token"));
    CHECK(number(changed, "acquired_at") == number(granted, "acquired_at"));
    CHECK(number(changed, "expires_at") >= number(granted, "expires_at") + 20);
    CHECK(is_held_for(klock, "keep", "MUTATES"));
    klock_free(granted);
    klock_free(changed);
    klock_close(klock);
}

static void a_change_down_lets_a_waiter_in(void) {
    klock_t *klock = open_store();
    waiter_t reader;
    char id[LEASE_ID_SIZE];
    CHECK(succeeded(register_agent(klock, "down", 1)));
    CHECK(take(klock, "down", "down.c", "MUTATES", id));
    waiter_acquire(&reader, klock, "down-reader", "down.c", "CONSUMES");
    CHECK(happened(klock, "PARKED", "down-reader"));
    CHECK(succeeded(change(klock, id, "DEPENDS_ON")));
    CHECK(succeeded(waiter_answer(&reader)));
    CHECK(is_held_for(klock, "down", "DEPENDS_ON"));
    klock_close(klock);
}

static void a_refused_change_keeps_what_was_held(void) {
    klock_t *klock = open_store();
    char old_id[LEASE_ID_SIZE], new_id[LEASE_ID_SIZE], json[256];
    CHECK(succeeded(register_agent(klock, "up-old", 1)));
    CHECK(succeeded(register_agent(klock, "up-new", 2)));
    CHECK(take(klock, "up-old", "up.c", "CONSUMES", old_id));
    CHECK(take(klock, "up-new", "up.c", "CONSUMES", new_id));
    CHECK(answered(change(klock, new_id, "MUTATES"), "{\"success\":false,\"reason\":\"DIE\""));
    CHECK(answered(change(klock, old_id, "MUTATES"), "{\"success\":false,\"reason\":\"WAIT\""));
    CHECK(answered(klock_change_lease(klock, change_json(json, old_id, "MUTATES", 20)), "\"reason\":\"WAIT_TIMEOUT\""));
    CHECK(is_held_for(klock, "up-old", "CONSUMES") && is_held_for(klock, "up-new", "CONSUMES"));
    klock_close(klock);
}

/* Two readers, the elder of which waits to write: what it waits with, what ends the wait. Answers the elder's lease in id. */
static void begin_change(klock_t *klock, const char *name, waiter_t *waiter, char id[LEASE_ID_SIZE], char other[LEASE_ID_SIZE]) {
    char elder[32], junior[32], path[32], json[256];
    snprintf(elder, sizeof elder, "%s-1", name);
    snprintf(junior, sizeof junior, "%s-2", name);
    snprintf(path, sizeof path, "%s.c", name);
    CHECK(succeeded(register_agent(klock, elder, 1)));
    CHECK(take(klock, elder, path, "CONSUMES", id));
    CHECK(take(klock, junior, path, "CONSUMES", other));
    waiter_call(waiter, klock_change_lease, klock, change_json(json, id, "MUTATES", 3600000));
    CHECK(happened(klock, "QUEUED", elder));
    CHECK(is_held_for(klock, elder, "CONSUMES"));
}

static void a_change_waits_for_the_others_to_let_go(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE], other[LEASE_ID_SIZE], *changed;
    begin_change(klock, "go", &waiter, id, other);
    CHECK(succeeded(with_lease(klock_release, klock, other)));
    changed = waiter_answer(&waiter);
    CHECK(has(changed, id) && has(changed, "\"predicate\":\"MUTATES\""));
    klock_free(changed);
    CHECK(is_held_for(klock, "go-1", "MUTATES"));
    klock_close(klock);
}

static void a_lease_has_one_waiting_change(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE], other[LEASE_ID_SIZE], json[256];
    begin_change(klock, "one", &waiter, id, other);
    CHECK(failed_with(klock_change_lease(klock, change_json(json, id, "DELETES", 3600000)), "INVALID_REQUEST"));
    CHECK(succeeded(with_lease(klock_release, klock, other)));
    CHECK(succeeded(waiter_answer(&waiter)));
    klock_close(klock);
}

static void a_waiting_change_ends_with_its_lease(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE], other[LEASE_ID_SIZE];
    begin_change(klock, "end", &waiter, id, other);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(failed_with(waiter_answer(&waiter), "UNKNOWN_LEASE"));
    klock_close(klock);
}

static void a_waiting_change_does_not_outlive_the_ttl(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], other[LEASE_ID_SIZE], json[256], *granted;
    CHECK(succeeded(register_agent(klock, "late-1", 1)));
    CHECK(take(klock, "late-2", "late-change.c", "CONSUMES", other));
    granted = acquire(klock, "late-1", "late-change.c", "CONSUMES", 200);
    field(granted, "lease_id", id, sizeof id);
    klock_free(granted);
    CHECK(failed_with(klock_change_lease(klock, change_json(json, id, "MUTATES", 3600000)), "EXPIRED"));
    klock_close(klock);
}

static void closing_the_handle_ends_a_waiting_change(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char id[LEASE_ID_SIZE], other[LEASE_ID_SIZE];
    begin_change(klock, "shut", &waiter, id, other);
    klock_close(klock);
    CHECK(failed_with(waiter_answer(&waiter), "CLOSED"));
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(a_change_keeps_the_id_and_gets_a_new_token_and_ttl);
    RUN(a_change_down_lets_a_waiter_in);
    RUN(a_refused_change_keeps_what_was_held);
    RUN(a_change_waits_for_the_others_to_let_go);
    RUN(a_lease_has_one_waiting_change);
    RUN(a_waiting_change_ends_with_its_lease);
    RUN(a_waiting_change_does_not_outlive_the_ttl);
    RUN(closing_the_handle_ends_a_waiting_change);
    return CHECK_RESULT;
}
