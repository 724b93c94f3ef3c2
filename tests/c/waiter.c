#define _XOPEN_SOURCE 700
#include "waiter.h"

#include <stdlib.h>
#include <string.h>

static void *make_the_call(void *argument) {
    waiter_t *waiter = (waiter_t *)argument;
    waiter->answer = waiter->function(waiter->klock, waiter->json);
    return NULL;
}

void waiter_call(waiter_t *waiter, char *(*function)(klock_t *, const char *), klock_t *klock, const char *json) {
    waiter->function = function;
    waiter->klock = klock;
    waiter->answer = NULL;
    snprintf(waiter->json, sizeof waiter->json, "%s", json);
    if (pthread_create(&waiter->thread, NULL, make_the_call, waiter) != 0) abort();
}

void waiter_acquire(waiter_t *waiter, klock_t *klock, const char *agent, const char *path, const char *predicate) {
    char json[1024];
    snprintf(json, sizeof json,
             "{\"agent_id\":\"%s\",\"session_id\":\"s-%s\",\"resource_type\":\"FILE\",\"resource_path\":\"%s\","
             "\"predicate\":\"%s\",\"ttl\":60000,\"wait_ms\":3600000}",
             agent, agent, path, predicate);
    waiter_call(waiter, klock_acquire, klock, json);
}

char *waiter_answer(waiter_t *waiter) {
    pthread_join(waiter->thread, NULL);
    return waiter->answer;
}

static unsigned count_in(const char *events, const char *kind, const char *agent) {
    char begin[48], who[300];
    const char *event = events;
    unsigned count = 0;
    snprintf(begin, sizeof begin, "\"kind\":\"%s\",\"at\":", kind);
    snprintf(who, sizeof who, ",\"agent_id\":\"%s\",", agent);
    while ((event = strstr(event, begin)) != NULL) {
        event += strlen(begin);
        event += strspn(event, "0123456789");
        if (strncmp(event, who, strlen(who)) == 0) count++;
    }
    return count;
}

/* The number of the last event in the answer, or 0. */
static uint64_t last_event(const char *events) {
    uint64_t last = 0;
    while ((events = strstr(events, "{\"seq\":")) != NULL) last = number(events++, "seq");
    return last;
}

/* A page at a time: a busy test has more events than one answer holds. */
unsigned count_events(klock_t *klock, const char *kind, const char *agent) {
    unsigned count = 0;
    uint64_t after = 0, last;
    do {
        char json[64], *events;
        snprintf(json, sizeof json, "{\"after\":%llu,\"limit\":1000}", (unsigned long long)after);
        events = klock_events(klock, json);
        last = events == NULL ? 0 : last_event(events);
        if (last > 0) count += count_in(events, kind, agent);
        klock_free(events);
        if (last > 0) after = last;
    } while (last > 0);
    return count;
}

int happened(klock_t *klock, const char *kind, const char *agent) {
    int tries;
    for (tries = 0; tries < 2000; tries++) {
        if (count_events(klock, kind, agent) > 0) return 1;
        sleep_ms(10);
    }
    fprintf(stderr, "no %s of %s in 20 s\n", kind, agent);
    return 0;
}
