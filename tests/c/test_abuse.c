/* Requests that are wrong: each gets an error that names what was wrong, and the handle stays good. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* A request for a lease with one part replaced: the value of a field, as JSON, or NULL to leave the field out. */
static char *acquire_with(klock_t *klock, const char *name, const char *value) {
    static const char *const fields[][2] = {
        {"agent_id", "\"abuse\""},    {"session_id", "\"s\""},      {"resource_type", "\"FILE\""}, {"resource_path", "\"a.c\""},
        {"predicate", "\"CONSUMES\""}, {"ttl", "60000"},            {"note", "\"\""},              {"request_id", "\"\""},
        {"wait_ms", "0"},
    };
    size_t i, used = 0, size = 4096 + (value == NULL ? 0 : strlen(value));
    char *json = (char *)malloc(size), *answer;
    if (json == NULL) abort();
    for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        int replaced = strcmp(fields[i][0], name) == 0;
        if (!replaced && i >= 6) continue; /* the optional ones */
        if (replaced && value == NULL) continue;
        used += (size_t)snprintf(json + used, size - used, "%c\"%s\":%s", used == 0 ? '{' : ',', fields[i][0],
                                 replaced ? value : fields[i][1]);
    }
    snprintf(json + used, size - used, "}");
    answer = klock_acquire(klock, json);
    free(json);
    return answer;
}

/* Whether the error is INVALID_REQUEST and its sentence names the field. */
static int blames(char *answer, const char *name) {
    const char *sentence = answer == NULL ? NULL : strstr(answer, "\"error\":");
    int right = has(answer, "\"code\":\"INVALID_REQUEST\"") && has(sentence, name);
    if (!right) fprintf(stderr, "expected %s blamed in %.500s\n", name, answer == NULL ? "NULL" : answer);
    klock_free(answer);
    return right;
}

/* A JSON string of n letters, to free. */
static char *letters(size_t n) {
    char *text = (char *)malloc(n + 3);
    if (text == NULL) abort();
    memset(text + 1, 'x', n);
    text[0] = text[n + 1] = '"';
    text[n + 2] = '\0';
    return text;
}

static void a_field_that_is_missing_or_of_another_type(void) {
    static const char *const needed[] = {"agent_id", "session_id", "resource_type", "resource_path", "predicate", "ttl"};
    klock_t *klock = open_store();
    size_t i;
    for (i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        CHECK(blames(acquire_with(klock, needed[i], NULL), needed[i]));
        CHECK(blames(acquire_with(klock, needed[i], "null"), needed[i]));
        CHECK(blames(acquire_with(klock, needed[i], "true"), needed[i]));
        CHECK(blames(acquire_with(klock, needed[i], "[]"), needed[i]));
        CHECK(blames(acquire_with(klock, needed[i], "{\"a\":1}"), needed[i]));
    }
    CHECK(blames(acquire_with(klock, "agent_id", "7"), "agent_id"));
    CHECK(blames(acquire_with(klock, "ttl", "\"60000\""), "ttl"));
    CHECK(blames(acquire_with(klock, "ttl", "1.5"), "ttl"));
    CHECK(blames(acquire_with(klock, "ttl", "1e3"), "ttl"));
    CHECK(blames(acquire_with(klock, "ttl", "-1"), "ttl"));
    CHECK(blames(acquire_with(klock, "ttl", "99999999999999999999999"), "ttl"));
    CHECK(succeeded(acquire_with(klock, "note", "\"\"")));
    klock_close(klock);
}

static void limits_hold_to_the_byte(void) {
    static const struct { const char *name; size_t most; } limits[] = {
        {"agent_id", 256}, {"session_id", 256}, {"resource_path", 4096}, {"note", 1024}, {"request_id", 128},
    };
    klock_t *klock = open_store();
    size_t i;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char *fits = letters(limits[i].most), *over = letters(limits[i].most + 1);
        CHECK(succeeded(acquire_with(klock, limits[i].name, fits)));
        CHECK(blames(acquire_with(klock, limits[i].name, over), limits[i].name));
        free(fits);
        free(over);
    }
    CHECK(blames(acquire_with(klock, "agent_id", "\"\""), "agent_id"));
    CHECK(blames(acquire_with(klock, "session_id", "\"\""), "session_id"));
    CHECK(blames(acquire_with(klock, "resource_path", "\"\""), "resource_path"));
    CHECK(blames(acquire_with(klock, "ttl", "0"), "ttl"));
    CHECK(succeeded(acquire_with(klock, "ttl", "1")));
    CHECK(succeeded(acquire_with(klock, "ttl", "86400000")));
    CHECK(blames(acquire_with(klock, "ttl", "86400001"), "ttl"));
    CHECK(succeeded(acquire_with(klock, "wait_ms", "0")));
    CHECK(succeeded(acquire_with(klock, "wait_ms", "3600000")));
    CHECK(blames(acquire_with(klock, "wait_ms", "3600001"), "wait_ms"));
    CHECK(blames(acquire_with(klock, "wait_ms", "-1"), "wait_ms"));
    CHECK(blames(acquire_with(klock, "wait_ms", "0.5"), "wait_ms"));
    CHECK(blames(acquire_with(klock, "wait_ms", "\"10\""), "wait_ms"));
    klock_close(klock);
}

static void an_oversized_value_is_not_echoed(void) {
    klock_t *klock = open_store();
    char *over = letters(100000), *answer = acquire_with(klock, "agent_id", over);
    CHECK(answer != NULL && strlen(answer) < 500);
    klock_free(answer);
    free(over);
    klock_close(klock);
}

static void names_that_are_not_known(void) {
    klock_t *klock = open_store();
    CHECK(blames(acquire_with(klock, "predicate", "\"READS\""), "predicate"));
    CHECK(blames(acquire_with(klock, "predicate", "\"\""), "predicate"));
    CHECK(blames(acquire_with(klock, "predicate", "\"1\""), "predicate"));
    CHECK(blames(acquire_with(klock, "resource_type", "\"FOLDER\""), "resource_type"));
    CHECK(blames(acquire_with(klock, "resource_path", "\"../above\""), "resource_path"));
    CHECK(blames(acquire_with(klock, "resource_path", "\"a/*.c\""), "resource_path"));
    CHECK(blames(acquire_with(klock, "resource_path", "\"a\\u0007b\""), "resource_path"));
    CHECK(succeeded(acquire_with(klock, "predicate", "\"Depends_On\"")));
    klock_close(klock);
}

/* An escape may spell half a character, which is JSON, but no text. Where nobody reads the field nobody minds. */
static void half_a_surrogate_pair_is_no_text(void) {
    klock_t *klock = open_store();
    CHECK(blames(acquire_with(klock, "agent_id", "\"\\ud800\""), "agent_id"));
    CHECK(blames(acquire_with(klock, "note", "\"a\\udc00b\""), "note"));
    CHECK(blames(acquire_with(klock, "predicate", "\"\\ud800\""), "predicate"));
    CHECK(succeeded(acquire_with(klock, "note", "\"\\ud83d\\ude00\"")));
    CHECK(succeeded(klock_list_agents(klock, "{\"agent_id\":\"\\ud800\"}")));
    klock_close(klock);
}

static void text_that_is_no_json(void) {
    static const char *const texts[] = {
        "", " ", "{", "}", "[]", "null", "7", "\"x\"", "{\"agent_id\"}", "{\"agent_id\":}", "{,}", "{}{}", "{} x",
        "{\"agent_id\":\"\xff\"}", "{\"agent_id\":\"\xc0\x80\"}", "{\"agent_id\":\"\xed\xa0\x80\"}",
        "{\"agent_id\":\"\\x\"}", "{\"agent_id\":\"a\nb\"}", "{'agent_id':'a'}", "\xef\xbb\xbf", "{\"\xfe\":1}",
    };
    char *(*const functions[])(klock_t *, const char *) = {
        klock_register_agent, klock_acquire,       klock_acquire_all,   klock_declare_intents, klock_heartbeat,   klock_release,
        klock_revoke,         klock_renew_session, klock_end_session,   klock_list_leases,     klock_list_agents, klock_change_lease,
        klock_events,         klock_list_waiters,  klock_snapshot,
    };
    klock_t *klock = open_store();
    size_t i, j;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (j = 0; j < sizeof functions / sizeof functions[0]; j++) {
            if (CHECK(failed_with(functions[j](klock, texts[i]), "INVALID_REQUEST"))) continue;
            fprintf(stderr, "function %d, text %s\n", (int)j, texts[i]);
        }
    CHECK(succeeded(acquire_with(klock, "note", "\"\"")));
    klock_close(klock);
}

static void deep_json_and_huge_json(void) {
    enum { HUGE = KLOCK_MAX_REQUEST_BYTES + 1 };
    static char text[HUGE + 1];
    klock_t *klock = open_store();
    memset(text, '[', 500000);
    CHECK(failed_with(klock_acquire(klock, text), "INVALID_REQUEST"));
    memset(text, ' ', HUGE);
    CHECK(failed_with(klock_acquire(klock, text), "PAYLOAD_TOO_LARGE"));
    text[HUGE - 1] = '\0';
    memcpy(text, "{\"agent_id\":\"big\",\"priority\":1}", 31);
    CHECK(strlen(text) == KLOCK_MAX_REQUEST_BYTES);
    CHECK(succeeded(klock_register_agent(klock, text)));
    klock_close(klock);
}

static void lease_ids_that_are_none(void) {
    char *(*const functions[])(klock_t *, const char *) = {klock_heartbeat, klock_release, klock_revoke, klock_change_lease};
    klock_t *klock = open_store();
    size_t i;
    CHECK(failed_with(klock_change_lease(klock, "{\"lease_id\":\"00000000000000000000000000000000\",\"predicate\":\"MUTATES\"}"),
                      "UNKNOWN_LEASE"));
    for (i = 0; i < 4; i++) {
        if (i < 3) CHECK(failed_with(with_lease(functions[i], klock, "00000000000000000000000000000000"), "UNKNOWN_LEASE"));
        CHECK(blames(functions[i](klock, "{\"lease_id\":7}"), "lease_id"));
        CHECK(blames(functions[i](klock, "{}"), "lease_id"));
    }
    klock_close(klock);
}

/* A manifest of n intents and what more of fields it is to have, in a text that the next call overwrites. */
static const char *manifest(size_t n, const char *more) {
    static char json[64 * 1024];
    size_t i, used = (size_t)snprintf(json, sizeof json, "{\"agent_id\":\"m\",\"session_id\":\"s\",%s\"intents\":[", more);
    for (i = 0; i < n; i++)
        used += (size_t)snprintf(json + used, sizeof json - used, "%s%s", i == 0 ? "" : ",",
                                 "{\"predicate\":\"CONSUMES\",\"resource_type\":\"FILE\",\"resource_path\":\"a\"}");
    snprintf(json + used, sizeof json - used, "]}");
    return json;
}

static void manifests_have_from_1_to_256_intents(void) {
    static const char *const ttl = "\"ttl\":60000,";
    klock_t *klock = open_store();
    char *all;
    CHECK(blames(klock_declare_intents(klock, manifest(0, "")), "intents"));
    CHECK(succeeded(klock_declare_intents(klock, manifest(1, ""))));
    CHECK(succeeded(klock_declare_intents(klock, manifest(256, ""))));
    CHECK(blames(klock_declare_intents(klock, manifest(257, "")), "intents"));
    CHECK(blames(klock_acquire_all(klock, manifest(0, ttl)), "intents"));
    CHECK(blames(klock_acquire_all(klock, manifest(257, ttl)), "intents"));
    all = klock_acquire_all(klock, manifest(256, ttl));
    CHECK(count_text(all, "\"lease_id\":\"") == 256);
    klock_free(all);
    CHECK(blames(klock_declare_intents(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"intents\":[7]}"), "intents"));
    CHECK(blames(klock_acquire_all(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"ttl\":1,\"intents\":[7]}"), "intents"));
    klock_close(klock);
}

static void the_other_calls_that_wait_have_its_limits_too(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], json[256];
    CHECK(blames(klock_acquire_all(klock, manifest(1, "")), "ttl"));
    CHECK(blames(klock_acquire_all(klock, manifest(1, "\"ttl\":0,")), "ttl"));
    CHECK(blames(klock_acquire_all(klock, manifest(1, "\"ttl\":86400001,")), "ttl"));
    CHECK(succeeded(klock_acquire_all(klock, manifest(1, "\"ttl\":60000,\"wait_ms\":3600000,"))));
    CHECK(blames(klock_acquire_all(klock, manifest(1, "\"ttl\":60000,\"wait_ms\":3600001,")), "wait_ms"));
    CHECK(take(klock, "limits", "limits.c", "CONSUMES", id));
    snprintf(json, sizeof json, "{\"lease_id\":\"%s\",\"predicate\":\"MUTATES\",\"wait_ms\":3600001}", id);
    CHECK(blames(klock_change_lease(klock, json), "wait_ms"));
    snprintf(json, sizeof json, "{\"lease_id\":\"%s\",\"predicate\":\"MUTATES\",\"wait_ms\":3600000}", id);
    CHECK(succeeded(klock_change_lease(klock, json)));
    snprintf(json, sizeof json, "{\"lease_id\":\"%s\",\"predicate\":\"READS\"}", id);
    CHECK(blames(klock_change_lease(klock, json), "predicate"));
    klock_close(klock);
}

static void sessions_and_events_name_what_was_wrong(void) {
    klock_t *klock = open_store();
    CHECK(blames(klock_renew_session(klock, "{\"agent_id\":\"a\"}"), "session_id"));
    CHECK(blames(klock_end_session(klock, "{\"session_id\":\"s\"}"), "agent_id"));
    CHECK(failed_with(klock_end_session(klock, NULL), "INVALID_REQUEST"));
    CHECK(blames(klock_events(klock, "{\"limit\":0}"), "limit"));
    CHECK(blames(klock_events(klock, "{\"limit\":1001}"), "limit"));
    CHECK(blames(klock_events(klock, "{\"after\":-1}"), "after"));
    CHECK(blames(klock_events(klock, "{\"after\":\"1\"}"), "after"));
    CHECK(succeeded(klock_events(klock, "{\"after\":0,\"limit\":1000}")));
    CHECK(succeeded(klock_events(klock, NULL)));
    klock_close(klock);
}

static void unknown_fields_are_ignored(void) {
    klock_t *klock = open_store();
    CHECK(answered(klock_register_agent(klock, "{\"agent_id\":\"u\",\"colour\":{\"deep\":[1,2.5e9,null]},\"priority\":1}"),
                   "\"priority\":1}"));
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(a_field_that_is_missing_or_of_another_type);
    RUN(limits_hold_to_the_byte);
    RUN(an_oversized_value_is_not_echoed);
    RUN(names_that_are_not_known);
    RUN(half_a_surrogate_pair_is_no_text);
    RUN(text_that_is_no_json);
    RUN(deep_json_and_huge_json);
    RUN(lease_ids_that_are_none);
    RUN(manifests_have_from_1_to_256_intents);
    RUN(the_other_calls_that_wait_have_its_limits_too);
    RUN(sessions_and_events_name_what_was_wrong);
    RUN(unknown_fields_are_ignored);
    return CHECK_RESULT;
}
