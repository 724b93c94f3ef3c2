/* Who is refused, with what reason, and what a refusal shows and what not. */
#include "support.h"

#include <string.h>

static void the_senior_waits_and_the_junior_dies(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], *refused;
    CHECK(succeeded(register_agent(klock, "r-old", 1)));
    CHECK(succeeded(register_agent(klock, "r-mid", 2)));
    CHECK(succeeded(register_agent(klock, "r-new", 3)));
    CHECK(take(klock, "r-mid", "verdict.c", "MUTATES", id));
    CHECK(answered(acquire(klock, "r-old", "verdict.c", "CONSUMES", 1000), "{\"success\":false,\"reason\":\"WAIT\",\"wait_time\":1000,"));
    refused = acquire(klock, "r-new", "verdict.c", "CONSUMES", 1000);
    CHECK(has(refused, "{\"success\":false,\"reason\":\"DIE\",\"wait_time\":1000,\"message\":\""));
    CHECK(has(refused, "\"conflicts\":[{\"agent_id\":\"r-mid\",\"session_id\":\"s-r-mid\",\"resource\":\"FILE:verdict.c\","
                       "\"predicate\":\"MUTATES\",\"state\":\"held\",\"expires_at\":"));
    CHECK(has(refused, "\"conflicts_total\":1}"));
    CHECK(!has(refused, id) && !has(refused, "lease_id"));
    klock_free(refused);
    klock_close(klock);
}

static void every_conflicting_holder_counts(void) {
    klock_t *klock = open_store();
    CHECK(succeeded(register_agent(klock, "e-1", 1)));
    CHECK(succeeded(register_agent(klock, "e-2", 2)));
    CHECK(succeeded(register_agent(klock, "e-3", 3)));
    CHECK(succeeded(acquire(klock, "e-3", "every.c", "CONSUMES", 60000)));
    CHECK(answered(acquire(klock, "e-2", "every.c", "MUTATES", 60000), "\"reason\":\"WAIT\""));
    CHECK(succeeded(acquire(klock, "e-1", "every.c", "CONSUMES", 60000)));
    CHECK(answered(acquire(klock, "e-2", "every.c", "MUTATES", 60000), "\"reason\":\"DIE\""));
    klock_close(klock);
}

static void the_note_reaches_who_is_refused(void) {
    klock_t *klock = open_store();
    CHECK(succeeded(klock_acquire(klock, "{\"agent_id\":\"n-1\",\"session_id\":\"s\",\"resource_type\":\"API_ENDPOINT\","
                                         "\"resource_path\":\"/v1/login\",\"predicate\":\"RENAMES\",\"ttl\":60000,"
                                         "\"note\":\"moving \\\"login\\\" \\u2192 /v2\"}")));
    CHECK(answered(klock_acquire(klock, "{\"agent_id\":\"n-2\",\"session_id\":\"s\",\"resource_type\":\"api_endpoint\","
                                        "\"resource_path\":\"/v1/login\",\"predicate\":\"consumes\",\"ttl\":60000}"),
                   "\"note\":\"moving \\\"login\\\" "));
    klock_close(klock);
}

static void wait_time_is_the_time_left_when_that_is_short(void) {
    klock_t *klock = open_store();
    char *refused;
    CHECK(succeeded(acquire(klock, "w-1", "short.c", "MUTATES", 900)));
    refused = acquire(klock, "w-2", "short.c", "MUTATES", 1000);
    CHECK(number(refused, "wait_time") >= 1 && number(refused, "wait_time") <= 900);
    klock_free(refused);
    klock_close(klock);
}

static void sixteen_conflicts_are_listed_and_all_are_counted(void) {
    klock_t *klock = open_store();
    char agent[16], *refused;
    int i;
    for (i = 0; i < 20; i++) {
        snprintf(agent, sizeof agent, "crowd-%02d", i);
        CHECK(succeeded(register_agent(klock, agent, 100 + (unsigned)i)));
    }
    for (i = 19; i >= 0; i--) {
        snprintf(agent, sizeof agent, "crowd-%02d", i);
        CHECK(succeeded(acquire(klock, agent, "crowd.c", "CONSUMES", 60000)));
    }
    refused = acquire(klock, "late-comer", "crowd.c", "MUTATES", 60000);
    CHECK(count_text(refused, "\"state\":\"held\"") == 16);
    CHECK(has(refused, "\"conflicts\":[{\"agent_id\":\"crowd-00\""));
    CHECK(has(refused, "\"conflicts_total\":20}"));
    klock_free(refused);
    klock_close(klock);
}

static void a_refusal_leaves_nothing_behind(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "l-1", "left.c", "MUTATES", id));
    CHECK(!take(klock, "l-2", "left.c", "MUTATES", id));
    CHECK(answered(klock_list_leases(klock, "{\"agent_id\":\"l-2\"}"), "\"data\":[]"));
    klock_close(klock);
}

static void a_session_never_conflicts_with_itself(void) {
    klock_t *klock = open_store();
    CHECK(succeeded(acquire(klock, "self", "self.c", "MUTATES", 60000)));
    CHECK(succeeded(acquire(klock, "self", "self.c", "DELETES", 60000)));
    CHECK(answered(klock_acquire(klock, "{\"agent_id\":\"self\",\"session_id\":\"another\",\"resource_type\":\"FILE\","
                                        "\"resource_path\":\"self.c\",\"predicate\":\"CONSUMES\",\"ttl\":60000}"),
                   "\"success\":false"));
    klock_close(klock);
}

static void folders_and_symbols_meet_their_files(void) {
    klock_t *klock = open_store();
    char *symbol;
    CHECK(succeeded(acquire(klock, "tree", "tree/**", "MUTATES", 60000)));
    CHECK(answered(acquire(klock, "leaf", "tree/a/b.c", "CONSUMES", 60000), "\"success\":false"));
    symbol = klock_acquire(klock, "{\"agent_id\":\"leaf\",\"session_id\":\"s\",\"resource_type\":\"SYMBOL\","
                                  "\"resource_path\":\"tree/a/b.c#main\",\"predicate\":\"CONSUMES\",\"ttl\":60000}");
    CHECK(answered(symbol, "\"resource\":\"FILE:tree/**\""));
    CHECK(succeeded(acquire(klock, "leaf", "tree.c", "MUTATES", 60000)));
    klock_close(klock);
}

static void a_declaration_judges_and_stores_nothing(void) {
    static const char *const manifest =
        "{\"agent_id\":\"d-2\",\"session_id\":\"s\",\"intents\":["
        "{\"predicate\":\"CONSUMES\",\"resource_type\":\"FILE\",\"resource_path\":\"free.c\"},"
        "{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"declared.c\"}]}";
    klock_t *klock = open_store();
    char *verdict;
    CHECK(succeeded(register_agent(klock, "d-1", 5)));
    verdict = klock_declare_intents(klock, manifest);
    CHECK(has(verdict, "{\"success\":true,\"agent_id\":\"d-2\",\"session_id\":\"s\",\"status\":\"Granted\","));
    klock_free(verdict);
    CHECK(answered(klock_list_leases(klock, "{\"agent_id\":\"d-2\"}"), "\"data\":[]"));
    CHECK(succeeded(acquire(klock, "d-1", "declared.c", "MUTATES", 60000)));
    verdict = klock_declare_intents(klock, manifest);
    CHECK(has(verdict, "{\"success\":false,") && has(verdict, "\"status\":\"Die\",") && has(verdict, "\"held_by\":\"d-1\""));
    klock_free(verdict);
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(the_senior_waits_and_the_junior_dies);
    RUN(every_conflicting_holder_counts);
    RUN(the_note_reaches_who_is_refused);
    RUN(wait_time_is_the_time_left_when_that_is_short);
    RUN(sixteen_conflicts_are_listed_and_all_are_counted);
    RUN(a_refusal_leaves_nothing_behind);
    RUN(a_session_never_conflicts_with_itself);
    RUN(folders_and_symbols_meet_their_files);
    RUN(a_declaration_judges_and_stores_nothing);
    return CHECK_RESULT;
}
