/* Requests that are wrong: each gets an error that names what was wrong, and the handle stays good. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* A request for a lease with one part replaced: the value of a field, as JSON, or NULL to leave the field out. */
static char *acquire_with(klock_t *klock, const char *name, const char *value) {
    static const char *const fields[][2] = {
        {"agent_id", "\"abuse\""},    {"session_id", "\"s\""},      {"resource_type", "\"FILE\""}, {"resource_path", "\"a.c\""},
        {"predicate", "\"CONSUMES\""}, {"ttl", "60000"},            {"note", "\"\""},              {"request_id", "\"\""},
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

static void text_that_is_no_json(void) {
    static const char *const texts[] = {
        "", " ", "{", "}", "[]", "null", "7", "\"x\"", "{\"agent_id\"}", "{\"agent_id\":}", "{,}", "{}{}", "{} x",
        "{\"agent_id\":\"\xff\"}", "{\"agent_id\":\"\xc0\x80\"}", "{\"agent_id\":\"\xed\xa0\x80\"}", "{\"agent_id\":\"\\ud800\"}",
        "{\"agent_id\":\"\\x\"}", "{\"agent_id\":\"a\nb\"}", "{'agent_id':'a'}", "\xef\xbb\xbf", "{\"\xfe\":1}",
    };
    char *(*const functions[])(klock_t *, const char *) = {
        klock_register_agent, klock_acquire, klock_declare_intents, klock_heartbeat,
        klock_release,        klock_revoke,  klock_list_leases,     klock_list_agents,
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
    char *(*const functions[])(klock_t *, const char *) = {klock_heartbeat, klock_release, klock_revoke};
    klock_t *klock = open_store();
    size_t i;
    for (i = 0; i < 3; i++) {
        CHECK(failed_with(with_lease(functions[i], klock, "00000000000000000000000000000000"), "UNKNOWN_LEASE"));
        CHECK(blames(functions[i](klock, "{\"lease_id\":7}"), "lease_id"));
        CHECK(blames(functions[i](klock, "{}"), "lease_id"));
    }
    klock_close(klock);
}

static void manifests_have_from_1_to_256_intents(void) {
    static char json[64 * 1024];
    static const char *const intent = "{\"predicate\":\"CONSUMES\",\"resource_type\":\"FILE\",\"resource_path\":\"a\"}";
    klock_t *klock = open_store();
    size_t used, n, i;
    for (n = 255; n <= 257; n++) {
        used = (size_t)snprintf(json, sizeof json, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"intents\":[");
        for (i = 0; i < n; i++) used += (size_t)snprintf(json + used, sizeof json - used, "%s%s", i == 0 ? "" : ",", intent);
        snprintf(json + used, sizeof json - used, "]}");
        CHECK(n <= 256 ? succeeded(klock_declare_intents(klock, json)) : blames(klock_declare_intents(klock, json), "intents"));
    }
    CHECK(blames(klock_declare_intents(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"intents\":[]}"), "intents"));
    CHECK(blames(klock_declare_intents(klock, "{\"agent_id\":\"m\",\"session_id\":\"s\",\"intents\":[7]}"), "intents"));
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
    RUN(text_that_is_no_json);
    RUN(deep_json_and_huge_json);
    RUN(lease_ids_that_are_none);
    RUN(manifests_have_from_1_to_256_intents);
    RUN(unknown_fields_are_ignored);
    return CHECK_RESULT;
}
