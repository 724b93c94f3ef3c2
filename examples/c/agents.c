/*
 * Two agents and one file, in C.
 *
 *   cc -std=c99 -I dist/include examples/c/agents.c -L dist/lib -lklock -Wl,-rpath,"$PWD/dist/lib" -o agents
 *   ./agents                        a store in memory
 *   ./agents sqlite:/tmp/team.db    a file that other processes use too
 *
 * A program of yours would read the answers with the JSON library it has. This one needs a lease id and a message, and
 * finds them with strstr: answers are compact, "name":"value" without white space.
 */
#include <klock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies the text of the first field of that name, up to a quote inside it; "" if there is none. */
static void text_of(const char *answer, const char *name, char *text, size_t size) {
    char key[64];
    const char *value;
    size_t length;
    snprintf(key, sizeof key, "\"%s\":\"", name);
    value = strstr(answer, key);
    value = value == NULL ? "" : value + strlen(key);
    length = strcspn(value, "\"");
    snprintf(text, size, "%.*s", (int)length, value);
}

/* Every answer says first whether it went well. */
static int went_well(const char *answer) { return strncmp(answer, "{\"success\":true,", 16) == 0; }

static char *or_out_of_memory(char *answer) {
    if (answer == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return answer;
}

/* Ends the program on an error. A refusal is none: it comes back to the caller. */
static char *checked(char *answer) {
    char code[32], message[512];
    or_out_of_memory(answer);
    text_of(answer, "code", code, sizeof code);
    if (code[0] != '\0') {
        text_of(answer, "error", message, sizeof message);
        fprintf(stderr, "%s: %s\n", code, message);
        exit(1);
    }
    return answer;
}

static klock_t *open_store(const char *storage) {
    char options[1024];
    char *error = NULL;
    klock_t *klock;
    snprintf(options, sizeof options, "{\"storage\":\"%s\"}", storage);
    klock = klock_open(options, &error);
    if (klock == NULL) checked(error);
    return klock;
}

/* Waits up to wait_ms for others to let go: in the library, which knows when it is our turn. Asking again and again does not. */
static char *ask_for_auth(klock_t *klock, const char *agent, const char *note, unsigned wait_ms) {
    char request[512];
    snprintf(request, sizeof request,
             "{\"agent_id\":\"%s\",\"session_id\":\"%s-1\",\"resource_type\":\"FILE\",\"resource_path\":\"src/auth.c\","
             "\"predicate\":\"MUTATES\",\"ttl\":60000,\"wait_ms\":%u,\"note\":\"%s\"}",
             agent, agent, wait_ms, note);
    return checked(klock_acquire(klock, request));
}

/* Tells how the request ended and puts the lease id where the caller wants it: "" when there is no lease. */
static void report(const char *agent, char *answer, char lease_id[64]) {
    char reason[16], message[512];
    lease_id[0] = '\0';
    if (went_well(answer)) {
        text_of(answer, "lease_id", lease_id, 64);
        printf("%s: granted\n", agent);
    } else {
        text_of(answer, "reason", reason, sizeof reason);
        text_of(answer, "message", message, sizeof message);
        printf("%s: %s, because %s\n", agent, reason, message);
    }
    klock_free(answer);
}

static void release(klock_t *klock, const char *agent, const char *lease_id) {
    char request[128];
    snprintf(request, sizeof request, "{\"lease_id\":\"%s\"}", lease_id);
    klock_free(checked(klock_release(klock, request)));
    printf("%s: released\n", agent);
}

int main(int argc, char **argv) {
    klock_t *klock = open_store(argc > 1 ? argv[1] : "memory");
    char ann[64], bob[64];
    printf("libklock %s\n", klock_version());

    /* The lower number is the older agent: it may wait for others, while a younger one has to start over. */
    klock_free(checked(klock_register_agent(klock, "{\"agent_id\":\"ann\",\"priority\":1}")));
    klock_free(checked(klock_register_agent(klock, "{\"agent_id\":\"bob\",\"priority\":2}")));

    report("ann", ask_for_auth(klock, "ann", "renaming login", 30000), ann);
    report("bob", ask_for_auth(klock, "bob", "adding a test", 0), bob); /* 0: we are ann too, and could not let go meanwhile */

    if (ann[0] != '\0') release(klock, "ann", ann);
    report("bob", ask_for_auth(klock, "bob", "adding a test", 30000), bob);
    if (bob[0] != '\0') release(klock, "bob", bob);

    klock_close(klock);
    return 0;
}
