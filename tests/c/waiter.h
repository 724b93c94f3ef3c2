/* A call that waits in a thread of its own, and a look at the events to know when it does. C99. */
#ifndef WAITER_H
#define WAITER_H

#include "support.h"

#include <pthread.h>

typedef struct {
    pthread_t thread;
    char *(*function)(klock_t *, const char *);
    klock_t *klock;
    char *answer;
    char json[1024];
} waiter_t;

/* Begins to acquire a FILE, session "s-<agent>", ttl 60 s, with the longest wait: only what a test does can end it. */
void waiter_acquire(waiter_t *waiter, klock_t *klock, const char *agent, const char *path, const char *predicate);

/* Begins any call. */
void waiter_call(waiter_t *waiter, char *(*function)(klock_t *, const char *), klock_t *klock, const char *json);

/* Its answer, to free, once the call has ended. */
char *waiter_answer(waiter_t *waiter);

/* Whether an event of that kind about that agent is there within 20 s: "QUEUED" or "PARKED" mean that its call waits. */
int happened(klock_t *klock, const char *kind, const char *agent);

/* How many events of that kind about that agent there are now. */
unsigned count_events(klock_t *klock, const char *kind, const char *agent);

#endif
