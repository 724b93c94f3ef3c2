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

unsigned count_events(klock_t *klock, const char *kind, const char *agent) {
    char begin[48], who[300], *events = klock_events(klock, "{\"limit\":1000}");
    const char *event = events;
    unsigned count = 0;
    snprintf(begin, sizeof begin, "\"kind\":\"%s\",\"at\":", kind);
    snprintf(who, sizeof who, ",\"agent_id\":\"%s\",", agent);
    while (event != NULL && (event = strstr(event, begin)) != NULL) {
        event += strlen(begin);
        event += strspn(event, "0123456789");
        if (strncmp(event, who, strlen(who)) == 0) count++;
    }
    klock_free(events);
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
