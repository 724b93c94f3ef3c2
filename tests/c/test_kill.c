/*
 * Whatever was acknowledged to a process that kill -9 ends is in the store afterwards: grants are there, releases stay done.
 * Usage: test_kill <storage>, or as a victim of itself: test_kill victim <storage> <number>; it tells on stdout what it was
 * answered: "+<id>" granted, "?<id>" about to be released, "-<id>" released.
 */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { ROUNDS = 6, VICTIMS = 3, LINE = 34 };

static const char *program;

static void tell(char mark, const char *id) {
    char line[LINE + 1];
    snprintf(line, sizeof line, "%c%s\n", mark, id);
    if (write(STDOUT_FILENO, line, LINE) != LINE) _exit(4);
}

static int victim_main(char **argv) {
    klock_t *klock;
    char agent[32], path[64], id[LEASE_ID_SIZE];
    int i;
    storage = argv[2];
    klock = open_store();
    snprintf(agent, sizeof agent, "victim-%s", argv[3]);
    for (i = 0;; i++) {
        snprintf(path, sizeof path, "kill/%s/%d", argv[3], i);
        if (!take(klock, agent, path, "MUTATES", id)) return 5;
        tell('+', id);
        if (i % 3 != 0) continue;
        tell('?', id);
        if (!succeeded(with_lease(klock_release, klock, id))) return 6;
        tell('-', id);
    }
}

static pid_t start_victim(int number_of_victim, int *output) {
    posix_spawn_file_actions_t actions;
    char number_text[16];
    char *arguments[5];
    int ends[2];
    pid_t child = -1;
    snprintf(number_text, sizeof number_text, "%d", number_of_victim);
    arguments[0] = (char *)program;
    arguments[1] = (char *)"victim";
    arguments[2] = (char *)storage;
    arguments[3] = number_text;
    arguments[4] = NULL;
    if (pipe(ends) != 0) return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (posix_spawn(&child, program, &actions, NULL, arguments, environ) != 0) child = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *output = ends[0];
    return child;
}

/* Reads all that a victim wrote, to be freed. */
static char *read_all(int file) {
    size_t size = 1 << 20, used = 0;
    char *text = (char *)malloc(size);
    ssize_t n;
    if (text == NULL) abort();
    while (used < size - 1 && (n = read(file, text + used, size - 1 - used)) > 0) used += (size_t)n;
    text[used] = '\0';
    close(file);
    return text;
}

/* Holds what a victim was answered against what the store lists of it. */
static void compare(const char *told, const char *listed) {
    const char *line;
    char id[LEASE_ID_SIZE], released[LEASE_ID_SIZE + 1];
    unsigned granted = 0;
    for (line = told; strlen(line) >= LINE; line += LINE) {
        if (*line != '+') continue;
        granted++;
        memcpy(id, line + 1, LEASE_ID_SIZE - 1);
        id[LEASE_ID_SIZE - 1] = '\0';
        snprintf(released, sizeof released, "-%s", id);
        if (has(told, released)) CHECK(!has(listed, id));
        else if (released[0] = '?', !has(told, released)) CHECK(has(listed, id));
    }
    CHECK(granted > 0);
    /* At most one grant was made whose answer the victim did not live to see. */
    CHECK(count_text(listed, "\"id\":\"") <= granted - count_text(told, "-") + 1);
}

/* Whether the victim has reported a first grant, which takes as long as it takes on a busy machine. */
static int is_under_way(int output) {
    struct pollfd wait;
    wait.fd = output;
    wait.events = POLLIN;
    return poll(&wait, 1, 20000) == 1;
}

static void one_round(int round) {
    pid_t victims[VICTIMS];
    int outputs[VICTIMS], i;
    for (i = 0; i < VICTIMS; i++) victims[i] = start_victim(round * VICTIMS + i, &outputs[i]);
    for (i = 0; i < VICTIMS; i++) CHECK(victims[i] > 0 && is_under_way(outputs[i]));
    sleep_ms(20 + 37 * (unsigned)round);
    for (i = 0; i < VICTIMS; i++) {
        char filter[64], *told, *listed;
        int status = 0;
        klock_t *klock;
        if (!CHECK(victims[i] > 0)) return;
        kill(victims[i], SIGKILL);
        CHECK(waitpid(victims[i], &status, 0) == victims[i] && WIFSIGNALED(status));
        told = read_all(outputs[i]);
        klock = open_store();
        snprintf(filter, sizeof filter, "{\"agent_id\":\"victim-%d\"}", round * VICTIMS + i);
        listed = klock_list_leases(klock, filter);
        compare(told, listed);
        klock_free(listed);
        klock_close(klock);
        free(told);
    }
}

static void acknowledged_leases_survive_kill_9(void) {
    int round;
    for (round = 0; round < ROUNDS; round++) one_round(round);
}

static void tokens_rise_past_the_killed_ones(void) {
    klock_t *klock = open_store();
    char *listed = klock_list_leases(klock, NULL), *granted = acquire(klock, "after", "after.c", "MUTATES", 1000);
    uint64_t token = number(granted, "fencing_token"), top = 0;
    const char *at = listed;
    while ((at = at == NULL ? NULL : strstr(at, "\"fencing_token\":")) != NULL) {
        uint64_t held = number(at, "fencing_token");
        if (held > top) top = held;
        at++;
    }
    CHECK(top > 0 && token > top);
    klock_free(listed);
    klock_free(granted);
    klock_close(klock);
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "victim") == 0) return victim_main(argv);
    use_storage(argc, argv);
    program = argv[0];
    RUN(acknowledged_leases_survive_kill_9);
    RUN(tokens_rise_past_the_killed_ones);
    return CHECK_RESULT;
}
