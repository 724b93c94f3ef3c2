/* What is granted, renewed, released, revoked, listed and swept. */
#include "support.h"

#include <string.h>

static void a_grant_says_all_of_it(void) {
    klock_t *klock = open_store();
    char id[64], *answer = acquire(klock, "grant", "grant//b/../c.c", "mutates", 60000);
    CHECK(has(answer, "{\"success\":true,\"data\":{\"lease_id\":\""));
    CHECK(has(answer, "\"agent_id\":\"grant\",\"session_id\":\"s-grant\",\"resource\":\"FILE:grant/c.c\",\"predicate\":\"MUTATES\","));
    field(answer, "lease_id", id, sizeof id);
    CHECK(strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32);
    CHECK(number(answer, "ttl") == 60000);
    CHECK(number(answer, "expires_at") == number(answer, "acquired_at") + 60000);
    CHECK(number(answer, "acquired_at") > UINT64_C(1700000000000));
    CHECK(number(answer, "fencing_token") > 0 && number(answer, "fencing_token") < UINT64_C(1) << 53);
    CHECK(strpbrk(answer, " \t\r\n") == NULL);
    klock_free(answer);
    klock_close(klock);
}

static void release_frees_the_resource(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], expected[128];
    CHECK(take(klock, "rel-a", "release.c", "MUTATES", id));
    CHECK(!succeeded(acquire(klock, "rel-b", "release.c", "MUTATES", 1000)));
    snprintf(expected, sizeof expected, "{\"success\":true,\"data\":{\"released\":true,\"lease_id\":\"%s\"}}", id);
    CHECK(answered(with_lease(klock_release, klock, id), expected));
    CHECK(succeeded(acquire(klock, "rel-b", "release.c", "MUTATES", 60000)));
    CHECK(failed_with(with_lease(klock_release, klock, id), "UNKNOWN_LEASE"));
    CHECK(failed_with(with_lease(klock_heartbeat, klock, id), "UNKNOWN_LEASE"));
    klock_close(klock);
}

static void a_heartbeat_moves_the_end(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], *granted = acquire(klock, "beat", "beat.c", "MUTATES", 60000), *beat;
    field(granted, "lease_id", id, sizeof id);
    sleep_ms(20);
    beat = with_lease(klock_heartbeat, klock, id);
    CHECK(has(beat, "{\"success\":true,\"data\":{\"renewed\":true,\"lease_id\":\""));
    CHECK(number(beat, "expires_at") >= number(granted, "expires_at") + 20);
    klock_free(beat);
    klock_free(granted);
    klock_close(klock);
}

static void a_lease_that_ran_out_is_over(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], *granted = acquire(klock, "late", "late.c", "MUTATES", 20);
    field(granted, "lease_id", id, sizeof id);
    klock_free(granted);
    sleep_ms(40);
    CHECK(answered(klock_list_leases(klock, "{\"agent_id\":\"late\"}"), "\"data\":[]"));
    CHECK(succeeded(acquire(klock, "next", "late.c", "MUTATES", 60000)));
    CHECK(failed_with(with_lease(klock_heartbeat, klock, id), "EXPIRED"));
    CHECK(failed_with(with_lease(klock_release, klock, id), "EXPIRED"));
    klock_close(klock);
}

/* Two leases that run out, one that does not. Answers how many the sweep found: fewer if an acquire had to sweep already. */
static uint64_t sweep_two(klock_t *klock, unsigned ttl_ms) {
    uint64_t evicted;
    char *swept;
    CHECK(succeeded(klock_evict_expired(klock)));
    CHECK(succeeded(acquire(klock, "sweep", "sweep/3", "CONSUMES", 60000)));
    CHECK(succeeded(acquire(klock, "sweep", "sweep/1", "CONSUMES", ttl_ms)));
    CHECK(succeeded(acquire(klock, "sweep", "sweep/2", "CONSUMES", ttl_ms)));
    sleep_ms(ttl_ms + 10);
    swept = klock_evict_expired(klock);
    CHECK(has(swept, "{\"success\":true,\"data\":{\"evicted\":"));
    evicted = number(swept, "evicted");
    klock_free(swept);
    return evicted;
}

/* A slow disk can outlast a short ttl, so the ttl grows until both leases lived to be swept. */
static void evict_sweeps_what_ran_out(void) {
    klock_t *klock = open_store();
    unsigned ttl_ms = 50;
    uint64_t evicted = sweep_two(klock, ttl_ms);
    while (evicted < 2 && ttl_ms < 4000) evicted = sweep_two(klock, ttl_ms *= 4);
    CHECK(evicted == 2);
    CHECK(answered(klock_evict_expired(klock), "{\"success\":true,\"data\":{\"evicted\":0}}"));
    klock_close(klock);
}

static void revoke_ends_it_for_the_holder(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], *beat;
    CHECK(take(klock, "rev", "revoke.c", "DELETES", id));
    CHECK(answered(with_lease(klock_revoke, klock, id), "{\"success\":true,\"data\":{\"revoked\":true,\"lease_id\":\""));
    beat = with_lease(klock_heartbeat, klock, id);
    CHECK(has(beat, "{\"success\":false,\"code\":\""));
    klock_free(beat);
    CHECK(succeeded(acquire(klock, "rev2", "revoke.c", "DELETES", 60000)));
    klock_close(klock);
}

static void lists_are_filtered(void) {
    klock_t *klock = open_store();
    char *all;
    CHECK(succeeded(acquire(klock, "list-a", "list/deep/x.c", "CONSUMES", 60000)));
    CHECK(succeeded(acquire(klock, "list-b", "list/deep/y.c", "CONSUMES", 60000)));
    CHECK(succeeded(acquire(klock, "list-b", "listless.c", "CONSUMES", 60000)));
    all = klock_list_leases(klock, "{\"resource\":\"FILE:list/**\"}");
    CHECK(count_text(all, "\"id\":\"") == 2);
    CHECK(has(all, "\"agent_id\":\"list-a\",\"session_id\":\"s-list-a\",\"resource\":\"FILE:list/deep/x.c\",\"predicate\":\"CONSUMES\","));
    CHECK(has(all, "\"state\":\"Active\""));
    CHECK(number(all, "ttl") == 60000);
    CHECK(number(all, "last_heartbeat") == number(all, "acquired_at"));
    CHECK(number(all, "fencing_token") > 0);
    klock_free(all);
    all = klock_list_leases(klock, "{\"agent_id\":\"list-b\",\"resource\":\"FILE:list/**\"}");
    CHECK(count_text(all, "\"id\":\"") == 1 && has(all, "y.c"));
    klock_free(all);
    all = klock_list_leases(klock, "{\"session_id\":\"s-list-b\"}");
    CHECK(count_text(all, "\"id\":\"") == 2);
    klock_free(all);
    CHECK(answered(klock_list_leases(klock, "{\"session_id\":\"none\"}"), "{\"success\":true,\"data\":[]}"));
    klock_close(klock);
}

static void agents_are_remembered(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    CHECK(answered(register_agent(klock, "reg", 7), "{\"success\":true,\"data\":{\"agent_id\":\"reg\",\"priority\":7}}"));
    CHECK(succeeded(register_agent(klock, "reg", 9)));
    CHECK(answered(klock_list_agents(klock, NULL), "{\"agent_id\":\"reg\",\"priority\":9}"));
    CHECK(take(klock, "reg", "reg.c", "MUTATES", id));
    CHECK(succeeded(register_agent(klock, "reg", 9)));
    CHECK(failed_with(register_agent(klock, "reg", 8), "AGENT_BUSY"));
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(succeeded(register_agent(klock, "reg", 8)));
    CHECK(answered(klock_register_agent(klock, "{\"agent_id\":\"old\",\"priority\":18446744073709551615}"),
                   "\"priority\":18446744073709551615"));
    klock_close(klock);
}

static void a_repeated_request_id_answers_the_same_lease(void) {
    static const char *const request =
        "{\"agent_id\":\"again\",\"session_id\":\"s\",\"resource_type\":\"CUSTOM\",\"resource_path\":\"deploy:staging\","
        "\"predicate\":\"MUTATES\",\"ttl\":60000,\"request_id\":\"r-1\"}";
    klock_t *klock = open_store();
    char first_id[64], second_id[64];
    char *first = klock_acquire(klock, request);
    char *second = klock_acquire(klock, request);
    field(first, "lease_id", first_id, sizeof first_id);
    field(second, "lease_id", second_id, sizeof second_id);
    CHECK(strlen(first_id) == 32 && strcmp(first_id, second_id) == 0);
    CHECK(number(first, "fencing_token") == number(second, "fencing_token"));
    klock_free(first);
    klock_free(second);
    klock_close(klock);
}

static void a_thousand_grants_are_a_thousand_leases(void) {
    klock_t *klock = open_store();
    uint64_t last = 0;
    int i, rising = 1;
    char *all;
    for (i = 0; i < 1000; i++) {
        char *answer = acquire(klock, "many", "many.c", "MUTATES", 3600000);
        uint64_t token = number(answer, "fencing_token");
        rising = rising && token > last;
        last = token;
        klock_free(answer);
    }
    CHECK(rising);
    all = klock_list_leases(klock, "{\"agent_id\":\"many\"}");
    CHECK(count_text(all, "\"id\":\"") == 1000);
    klock_free(all);
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(a_grant_says_all_of_it);
    RUN(release_frees_the_resource);
    RUN(a_heartbeat_moves_the_end);
    RUN(a_lease_that_ran_out_is_over);
    RUN(evict_sweeps_what_ran_out);
    RUN(revoke_ends_it_for_the_holder);
    RUN(lists_are_filtered);
    RUN(agents_are_remembered);
    RUN(a_repeated_request_id_answers_the_same_lease);
    RUN(a_thousand_grants_are_a_thousand_leases);
    return CHECK_RESULT;
}
