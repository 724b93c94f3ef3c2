/*
 * Inside libklock: which copy of the library serves this process, and its entry points.
 *
 * The .NET runtime cannot be used in a forked child: it continues to read the stacks and thread-local memory of threads that
 * fork() left behind, and the C library gives that memory to the child's own new threads. (Tried: children that only forked were
 * well, children that then started threads crashed at the next garbage collection, 20 of 20.) SQLite keeps a table of open
 * files that is as wrong there: a child that opens a file its parent had open would hold no locks on it. So a child that
 * calls Klock gets a fresh copy of the whole library, loaded at its first call, and the copy it inherited is never entered again.
 * The parent does not notice the fork, and neither waits for the other.
 */
#ifndef KLOCK_LIBRARY_H
#define KLOCK_LIBRARY_H

#include "klock.h"

/*
 * The requests, each with its number in Klock.Coordinator.Operation, by which the managed side knows it. A test compares them.
 * (EvictExpired, 13, takes no JSON; GetLease and Health are for servers.)
 */
#define KLOCK_REQUESTS(X)  \
    X(register_agent, 0)   \
    X(acquire, 1)          \
    X(acquire_all, 2)      \
    X(declare_intents, 3)  \
    X(heartbeat, 4)        \
    X(release, 5)          \
    X(revoke, 6)           \
    X(list_leases, 7)      \
    X(list_agents, 8)      \
    X(change_lease, 9)     \
    X(renew_session, 10)   \
    X(end_session, 11)     \
    X(events, 12)          \
    X(list_waiters, 16)    \
    X(snapshot, 17)
#define KLOCK_EVICT_EXPIRED 13

/* The operations on tickets, each with its number in Klock.Native.TicketVerb. */
#define KLOCK_TICKETS(X) \
    X(submit, 0)         \
    X(collect, 1)        \
    X(cancel, 2)

/* Both: functions that take a handle and JSON. */
#define KLOCK_CALLS(X) KLOCK_REQUESTS(X) KLOCK_TICKETS(X)

/* Everything that depends on the copy that is in use. klock_version and the like are the same in all. */
struct klock_library {
    klock_t *(*open)(const char *options_json, char **error_json);
    void (*close)(klock_t *klock);
    char *(*evict_expired)(klock_t *klock);
    char *(*canonical_path)(const char *json);
#define KLOCK_ENTRY(name, number) char *(*name)(klock_t *klock, const char *json);
    KLOCK_CALLS(KLOCK_ENTRY)
#undef KLOCK_ENTRY
};

/* The copy that serves this process. Never NULL. Any thread; a load and a compare, but for the first call in a process. */
const struct klock_library *klock_library_in_use(void);

/* This very copy, with its own .NET runtime. */
extern const struct klock_library klock_library_here;

/* The stand-in when there is none: every call answers INTERNAL with the sentence given here last. Keeps a copy of it. */
const struct klock_library *klock_library_missing(const char *sentence);

/*
 * Loads a fresh copy of the library from the file at `path`, or returns klock_library_missing. One caller at a time;
 * `generation` must differ from that of every copy loaded in this process or its ancestors.
 */
const struct klock_library *klock_library_load(const char *path, unsigned generation);

#endif
