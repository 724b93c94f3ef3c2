/*
 * An editor's side of Klock, in C: one thread, an event loop, and nothing that blocks it.
 *
 *   cc -std=c99 -I dist/include examples/c/editor.c -L dist/lib -lklock -Wl,-rpath,"$PWD/dist/lib" -o editor
 *   ./editor                        a store in memory
 *   ./editor sqlite:/tmp/team.db    a file that agents use too
 *
 * The user types into a file that an agent is rewriting. The editor asks for the file, shows who has it, and waits for it by a
 * ticket that its loop looks at between two frames. When it is the user's turn the keys go in, the lease is renewed while they do,
 * and saving lets go of it. The agent is played by this program as well, so that there is something to see.
 */
#include <klock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_FIELDS "\"resource_type\":\"FILE\",\"resource_path\":\"src/main.c\",\"predicate\":\"MUTATES\",\"ttl\":30000"
#define USER "\"agent_id\":\"user\",\"session_id\":\"window-1\"," FILE_FIELDS
#define AGENT "\"agent_id\":\"agent\",\"session_id\":\"run-1\"," FILE_FIELDS ",\"note\":\"sorting the includes\""

enum { FRAMES = 12, AGENT_IS_DONE = 3, FRAME_MS = 16 };

/* The text of the first field of that name: answers are compact JSON. An editor has a JSON library for this. */
static void text_of(const char *answer, const char *name, char *text, size_t size) {
    char key[64];
    const char *value;
    snprintf(key, sizeof key, "\"%s\":\"", name);
    value = strstr(answer, key);
    value = value == NULL ? "" : value + strlen(key);
    snprintf(text, size, "%.*s", (int)strcspn(value, "\""), value);
}

/* Ends the program on an error. A refusal is none, and has no code. */
static char *checked(char *answer) {
    if (answer == NULL || strstr(answer, "\"code\":") != NULL) {
        fprintf(stderr, "%s\n", answer == NULL ? "out of memory" : answer);
        exit(1);
    }
    return answer;
}

static void with_lease(klock_t *klock, char *(*call)(klock_t *, const char *), const char *lease_id) {
    char request[128];
    snprintf(request, sizeof request, "{\"lease_id\":\"%s\"}", lease_id);
    klock_free(checked(call(klock, request)));
}

/* What the status line says of a refusal. */
static void show_who_has_it(const char *refusal) {
    char agent[64], note[128];
    text_of(strstr(refusal, "\"conflicts\":"), "agent_id", agent, sizeof agent);
    text_of(refusal, "note", note, sizeof note);
    printf("[locked by %s: %s]\n", agent, note);
}

/* A look at the tickets between two frames: it waits for no longer than the frame lasts. */
static int is_our_turn(klock_t *klock, char lease_id[64]) {
    char request[64];
    char *answer;
    snprintf(request, sizeof request, "{\"timeout_ms\":%d}", FRAME_MS);
    answer = checked(klock_collect(klock, request));
    text_of(answer, "lease_id", lease_id, 64);
    klock_free(answer);
    return lease_id[0] != '\0';
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

static void edit(klock_t *klock, const char *agents_lease) {
    char lease_id[64] = "";
    int frame;
    for (frame = 0; frame < FRAMES; frame++) {
        if (frame == AGENT_IS_DONE) with_lease(klock, klock_release, agents_lease);
        if (lease_id[0] == '\0') {
            if (is_our_turn(klock, lease_id)) printf("[yours]\n");
            continue; /* draw, scroll, blink: the user may look, and not type */
        }
        with_lease(klock, klock_heartbeat, lease_id); /* an editor does this every ten seconds, a third of the ttl */
        printf("key %d\n", frame);
    }
    if (lease_id[0] == '\0') return;
    with_lease(klock, klock_release, lease_id);
    printf("[saved]\n");
}

int main(int argc, char **argv) {
    klock_t *klock = open_store(argc > 1 ? argv[1] : "memory");
    char agents_lease[64];
    char *answer;

    /* The lower number is the more senior: people come before agents. */
    klock_free(checked(klock_register_agent(klock, "{\"agent_id\":\"user\",\"priority\":1}")));
    klock_free(checked(klock_register_agent(klock, "{\"agent_id\":\"agent\",\"priority\":2}")));
    answer = checked(klock_acquire(klock, "{" AGENT "}"));
    text_of(answer, "lease_id", agents_lease, sizeof agents_lease);
    klock_free(answer);

    answer = checked(klock_acquire(klock, "{" USER "}"));
    show_who_has_it(answer);
    klock_free(answer);
    klock_free(checked(klock_submit(klock, "{\"request\":\"acquire\"," USER ",\"wait_ms\":600000}")));
    edit(klock, agents_lease);
    klock_close(klock);
    return 0;
}
