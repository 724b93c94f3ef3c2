/* Asks libklock what it reads on stdin, a verb and a JSON request a line; the library's answer is the line it writes. */
#define _POSIX_C_SOURCE 200809L
#include "klock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *evict(klock_t *klock, const char *json)
{
    (void)json;
    return klock_evict_expired(klock);
}

static const struct {
    const char *verb;
    char *(*call)(klock_t *, const char *);
} calls[] = {
    {"register_agent", klock_register_agent}, {"acquire", klock_acquire},
    {"acquire_all", klock_acquire_all},       {"declare_intents", klock_declare_intents},
    {"heartbeat", klock_heartbeat},           {"release", klock_release},
    {"revoke", klock_revoke},                 {"change_lease", klock_change_lease},
    {"renew_session", klock_renew_session},   {"end_session", klock_end_session},
    {"list_leases", klock_list_leases},       {"list_agents", klock_list_agents},
    {"events", klock_events},                 {"evict_expired", evict},
    {"list_waiters", klock_list_waiters},     {"snapshot", klock_snapshot},
};

static klock_t *klock;

/* NULL stands for an answer that is none: an opened or closed store. */
static char *ask(const char *verb, const char *json)
{
    char *error = NULL;
    if (strcmp(verb, "open") == 0) {
        klock = klock_open(json, &error);
        return error;
    }
    if (strcmp(verb, "close") == 0) {
        klock_close(klock);
        return NULL;
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(verb, calls[i].verb) == 0)
            return calls[i].call(klock, json);
    fprintf(stderr, "there is no verb %s\n", verb);
    exit(2);
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *json = strchr(line, ' ');
        *json++ = '\0';
        char *answer = ask(line, json);
        puts(answer ? answer : "null");
        fflush(stdout);
        klock_free(answer);
    }
    free(line);
    return 0;
}
