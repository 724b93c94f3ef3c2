/* What concerns many at once: manifests that are granted whole or not at all, sessions, and the events of a store. */
#include "waiter.h"

#include <string.h>

/* A manifest that renames old.c of a folder to new.c there, with the longest wait if it may wait. */
static const char *rename_json(char json[1024], const char *agent, const char *folder, int waits) {
    snprintf(json, 1024,
             "{\"agent_id\":\"%s\",\"session_id\":\"s-%s\",\"ttl\":60000,\"wait_ms\":%d,\"note\":\"renaming\",\"intents\":["
             "{\"predicate\":\"RENAMES\",\"resource_type\":\"FILE\",\"resource_path\":\"%s/old.c\"},"
             "{\"predicate\":\"PROVIDES\",\"resource_type\":\"FILE\",\"resource_path\":\"%s/new.c\"}]}",
             agent, agent, waits ? 3600000 : 0, folder, folder);
    return json;
}

static char *rename_in(klock_t *klock, const char *agent, const char *folder) {
    char json[1024];
    return klock_acquire_all(klock, rename_json(json, agent, folder, 0));
}

static unsigned leases_of(klock_t *klock, const char *agent) {
    char filter[128], *listed;
    unsigned count;
    snprintf(filter, sizeof filter, "{\"agent_id\":\"%s\"}", agent);
    listed = klock_list_leases(klock, filter);
    count = count_text(listed, "\"id\":\"");
    klock_free(listed);
    return count;
}

static void a_manifest_is_granted_in_its_order(void) {
    klock_t *klock = open_store();
    char first[LEASE_ID_SIZE], *granted = rename_in(klock, "whole", "whole");
    const char *second = granted == NULL ? NULL : strstr(granted, "},{");
    CHECK(has(granted, "{\"success\":true,\"data\":{\"leases\":[{\"lease_id\":\""));
    CHECK(has(second, "\"resource\":\"FILE:whole/new.c\",\"predicate\":\"PROVIDES\""));
    CHECK(count_text(granted, "\"lease_id\":\"") == 2 && has(granted, "\"resource\":\"FILE:whole/old.c\",\"predicate\":\"RENAMES\""));
    CHECK(number(second, "fencing_token") > number(granted, "fencing_token"));
    field(granted, "lease_id", first, sizeof first);
    CHECK(succeeded(with_lease(klock_release, klock, first)));
    CHECK(leases_of(klock, "whole") == 1);
    klock_free(granted);
    klock_close(klock);
}

static void one_conflict_refuses_all(void) {
    klock_t *klock = open_store();
    char *refused;
    CHECK(succeeded(register_agent(klock, "none-1", 1)));
    CHECK(succeeded(acquire(klock, "none-1", "none/new.c", "MUTATES", 60000)));
    refused = rename_in(klock, "none-2", "none");
    CHECK(has(refused, "{\"success\":false,\"reason\":\"DIE\"") && has(refused, "\"resource\":\"FILE:none/new.c\""));
    CHECK(has(refused, "\"conflicts_total\":1}"));
    klock_free(refused);
    CHECK(leases_of(klock, "none-2") == 0);
    CHECK(succeeded(acquire(klock, "none-3", "none/old.c", "MUTATES", 60000)));
    klock_close(klock);
}

/* Of two holders in the way the first to leave is not enough. While it waits the manifest holds nothing. */
static void a_manifest_waits_for_all_and_holds_nothing(void) {
    klock_t *klock = open_store();
    waiter_t waiter;
    char one[LEASE_ID_SIZE], two[LEASE_ID_SIZE], json[1024], *granted;
    CHECK(succeeded(register_agent(klock, "all", 1)));
    CHECK(take(klock, "all-1", "all/old.c", "MUTATES", one));
    CHECK(take(klock, "all-2", "all/new.c", "MUTATES", two));
    waiter_call(&waiter, klock_acquire_all, klock, rename_json(json, "all", "all", 1));
    CHECK(happened(klock, "QUEUED", "all"));
    CHECK(succeeded(with_lease(klock_release, klock, one)));
    CHECK(leases_of(klock, "all") == 0 && count_events(klock, "GRANTED", "all") == 0);
    CHECK(succeeded(with_lease(klock_release, klock, two)));
    granted = waiter_answer(&waiter);
    CHECK(count_text(granted, "\"lease_id\":\"") == 2);
    klock_free(granted);
    CHECK(leases_of(klock, "all") == 2);
    klock_close(klock);
}

/* Whether both answers name the same leases in the same order. A repeat renews them, so that their ends may differ. */
static int same_leases(const char *first, const char *second) {
    static const char field[] = "\"lease_id\":\"";
    size_t length = sizeof field - 1 + 32;
    while ((first = strstr(first, field)) != NULL) {
        if ((second = strstr(second, field)) == NULL || strncmp(first, second, length) != 0) return 0;
        first += length, second += length;
    }
    return strstr(second, field) == NULL;
}

static void a_repeated_manifest_answers_the_same_leases(void) {
    static const char *const manifest =
        "{\"agent_id\":\"twice\",\"session_id\":\"s\",\"ttl\":60000,\"request_id\":\"r\",\"intents\":["
        "{\"predicate\":\"MUTATES\",\"resource_type\":\"CUSTOM\",\"resource_path\":\"deploy\"},"
        "{\"predicate\":\"MUTATES\",\"resource_type\":\"CUSTOM\",\"resource_path\":\"port\"}]}";
    klock_t *klock = open_store();
    char *first = klock_acquire_all(klock, manifest), *second = klock_acquire_all(klock, manifest);
    CHECK(first != NULL && second != NULL && count_text(first, "\"lease_id\":\"") == 2 && same_leases(first, second));
    CHECK(leases_of(klock, "twice") == 2);
    klock_free(first);
    klock_free(second);
    klock_close(klock);
}

static void a_session_is_renewed_whole(void) {
    static const char *const session = "{\"agent_id\":\"renew\",\"session_id\":\"s-renew\"}";
    klock_t *klock = open_store();
    char *granted = rename_in(klock, "renew", "renew"), *listed;
    const char *second;
    CHECK(succeeded(klock_acquire(klock, "{\"agent_id\":\"renew\",\"session_id\":\"another\",\"resource_type\":\"CUSTOM\","
                                         "\"resource_path\":\"renew\",\"predicate\":\"MUTATES\",\"ttl\":60000}")));
    sleep_ms(20);
    CHECK(answered(klock_renew_session(klock, session), "{\"success\":true,\"data\":{\"renewed\":2}}"));
    listed = klock_list_leases(klock, "{\"session_id\":\"s-renew\"}");
    second = listed == NULL ? NULL : strstr(listed, "},{");
    CHECK(number(listed, "expires_at") >= number(granted, "expires_at") + 20);
    CHECK(number(second, "expires_at") >= number(granted, "expires_at") + 20);
    klock_free(listed);
    klock_free(granted);
    CHECK(answered(klock_renew_session(klock, "{\"agent_id\":\"nobody\",\"session_id\":\"s\"}"), "{\"renewed\":0}"));
    klock_close(klock);
}

static void a_session_is_ended_whole(void) {
    static const char *const session = "{\"agent_id\":\"ended\",\"session_id\":\"s-ended\"}";
    klock_t *klock = open_store();
    CHECK(succeeded(rename_in(klock, "ended", "ended")));
    CHECK(succeeded(klock_acquire(klock, "{\"agent_id\":\"ended\",\"session_id\":\"another\",\"resource_type\":\"CUSTOM\","
                                         "\"resource_path\":\"ended\",\"predicate\":\"MUTATES\",\"ttl\":60000}")));
    CHECK(answered(klock_end_session(klock, session), "{\"success\":true,\"data\":{\"released\":2}}"));
    CHECK(leases_of(klock, "ended") == 1);
    CHECK(succeeded(rename_in(klock, "ended-2", "ended")));
    CHECK(answered(klock_end_session(klock, session), "{\"success\":true,\"data\":{\"released\":0}}"));
    klock_close(klock);
}

/* The numbers of the events in an answer follow each other; answers the last, 0 when they do not or there is none. */
static uint64_t last_in_a_row(const char *events) {
    uint64_t last = 0;
    while (events != NULL && (events = strstr(events, "{\"seq\":")) != NULL) {
        uint64_t seq = number(events, "seq");
        if (last != 0 && seq != last + 1) return 0;
        last = seq;
        events++;
    }
    return last;
}

static void events_are_in_order_and_without_gaps(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], json[64], *events = klock_events(klock, "{\"limit\":1000}");
    uint64_t before = last_in_a_row(events);
    klock_free(events);
    CHECK(take(klock, "told", "told.c", "MUTATES", id));
    CHECK(answered(acquire(klock, "told-2", "told.c", "MUTATES", 1000), "\"success\":false"));
    CHECK(succeeded(with_lease(klock_heartbeat, klock, id)));
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    snprintf(json, sizeof json, "{\"after\":%llu,\"limit\":1000}", (unsigned long long)before);
    events = klock_events(klock, json);
    CHECK(has(events, "{\"success\":true,\"data\":[{\"seq\":") && last_in_a_row(events) > before + 4);
    CHECK(!has(events, id) && !has(events, "\"kind\":\"GAP\""));
    CHECK(has(events, "\"agent_id\":\"told-2\",\"session_id\":\"s-told-2\",\"resource\":\"FILE:told.c\",\"predicate\":\"MUTATES\","));
    CHECK(count_events(klock, "GRANTED", "told") == 1 && count_events(klock, "REFUSED", "told-2") == 1);
    CHECK(count_events(klock, "RENEWED", "told") == 1 && count_events(klock, "RELEASED", "told") == 1);
    snprintf(json, sizeof json, "{\"after\":%llu}", (unsigned long long)last_in_a_row(events));
    CHECK(answered(klock_events(klock, json), "{\"success\":true,\"data\":[]}"));
    klock_free(events);
    events = klock_events(klock, "{\"limit\":1}");
    CHECK(count_text(events, "{\"seq\":") == 1);
    klock_free(events);
    CHECK(answered(klock_events(klock, "{\"after\":1,\"limit\":1}"), "\"kind\":\"GAP\",\"first_missing\":2}"));
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(a_manifest_is_granted_in_its_order);
    RUN(one_conflict_refuses_all);
    RUN(a_manifest_waits_for_all_and_holds_nothing);
    RUN(a_repeated_manifest_answers_the_same_leases);
    RUN(a_session_is_renewed_whole);
    RUN(a_session_is_ended_whole);
    RUN(events_are_in_order_and_without_gaps);
    return CHECK_RESULT;
}
