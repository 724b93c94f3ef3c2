/* A host of libklock: two sessions on one SQLite file, a refusal, a release. Ends with 0 when all of it was as it must be. */
#include "klock.h"

#include <stdio.h>
#include <string.h>

static int bad;

static void expect(char *answer, const char *part) {
    if (!answer || !strstr(answer, part)) {
        printf("expected %s in %s\n", part, answer ? answer : "(nothing)");
        bad = 1;
    }
}

static char *acquire(klock_t *klock, const char *agent, int priority) {
    char json[256];
    snprintf(json, sizeof json, "{\"agent_id\":\"%s\",\"priority\":%d}", agent, priority);
    klock_free(klock_register_agent(klock, json));
    snprintf(json, sizeof json,
             "{\"agent_id\":\"%s\",\"session_id\":\"s\",\"resource_type\":\"FILE\",\"resource_path\":\"host.c\","
             "\"predicate\":\"MUTATES\",\"ttl\":60000}", agent);
    return klock_acquire(klock, json);
}

static void release(klock_t *klock, const char *granted) {
    char json[128];
    const char *id = granted ? strstr(granted, "\"lease_id\":\"") : NULL;
    if (!id)
        return;
    snprintf(json, sizeof json, "{\"lease_id\":\"%.32s\"}", id + strlen("\"lease_id\":\""));
    char *answer = klock_release(klock, json);
    expect(answer, "\"released\":true");
    klock_free(answer);
}

int main(int count, char **arguments) {
    char options[512], *error = NULL;
    if (count != 2)
        return 2;
    snprintf(options, sizeof options, "{\"storage\":\"sqlite:%s\"}", arguments[1]);
    klock_t *klock = klock_open(options, &error);
    if (!klock) {
        printf("%s\n", error);
        return 1;
    }
    char *granted = acquire(klock, "ann", 1), *refused = acquire(klock, "bob", 2);
    expect(granted, "\"success\":true");
    expect(refused, "\"reason\":\"DIE\"");
    release(klock, granted);
    klock_free(refused);
    refused = acquire(klock, "bob", 2);
    expect(refused, "\"success\":true");
    release(klock, refused);
    klock_free(granted);
    klock_free(refused);
    klock_close(klock);
    printf("libklock %s, ABI %u\n", klock_version(), (unsigned)klock_abi_version());
    return bad;
}
