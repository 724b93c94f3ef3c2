/* The guard of `klock run`, and until when its leases last: see guard.c. */
#ifndef KLOCK_GUARD_H
#define KLOCK_GUARD_H

#include <stdint.h>
#include <sys/types.h>

/* Until when the leases last, in ns on the clock of their store. */
struct lease_end {
    int64_t until_ns;
    int64_t clock;
};

/* An end that never comes. */
#define NEVER INT64_MAX

/* Whether the leases are over. */
int is_over(struct lease_end end);

/* In a fork of klock: restores the signal handlers that klock has set. */
void forget_handlers(void);

/* Starts the guard of a process group. Returns 0, or the errno that says why there is none. */
int guard_start(pid_t group);

/* Sets until when the leases last. Thread-safe. */
void guard_set_end(struct lease_end end);

/* Sets a later end, unless there is none. Thread-safe. */
void guard_extend(struct lease_end end);

/* Until when they last. Thread-safe. */
struct lease_end guard_end(void);

/*
 * A child of klock that is not its command has ended or stopped: reaps it. If it is the guard it gets a successor, unless it has ended
 * the group.
 */
void guard_reap(pid_t other, pid_t group);

/* Dismisses the guard. Returns whether the group was ended because the leases were over. */
int guard_dismiss(void);

#endif
