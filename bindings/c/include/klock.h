/*
 * klock.h - the C interface of libklock, and its reference text.
 *
 * Klock gives leases on files, symbols, tables, endpoints and keys to agents that work side by side, so that none
 * overwrites what another is changing. An agent asks for a lease before it reads or writes; a request that conflicts
 * with a lease of someone else gets a verdict, WAIT or DIE, before anything is lost.
 *
 *     char *error = NULL;
 *     klock_t *klock = klock_open("{\"storage\":\"sqlite:/tmp/team.db\"}", &error);
 *     char *answer = klock_acquire(klock, "{\"agent_id\":\"ann\",\"session_id\":\"s1\",\"resource_type\":\"FILE\","
 *                                         "\"resource_path\":\"src/auth.c\",\"predicate\":\"MUTATES\",\"ttl\":60000}");
 *     ... read the answer, do the work, klock_release ...
 *     klock_free(answer);
 *     klock_close(klock);
 *
 *
 * TEXT
 *
 *   Requests and answers are JSON objects in UTF-8, ended by a NUL byte. Answers are compact: no white space.
 *   Unknown fields of a request are ignored. Integers are JSON integers (no fraction, no exponent), up to 2^64 - 1.
 *   All times are milliseconds: "ttl" and "wait_time" are spans, the others count from 1970-01-01 UTC.
 *
 *
 * ANSWERS
 *
 *   Done        {"success":true,"data":...}                                      "data" is given at each function.
 *   Refused     {"success":false,"reason":"WAIT"|"DIE"|"WAIT_TIMEOUT","wait_time":N,"message":"...",
 *                "conflicts":[{"agent_id","session_id","resource","predicate","senior"?,"state":"held"|"waiting",
 *                "expires_at","note"}],"conflicts_total":N}
 *               Only klock_acquire, klock_acquire_all and klock_change_lease refuse. "reason" is WAIT when the requester is
 *               senior to every session in its way: it may keep what it holds and ask again, best with "wait_ms". It is
 *               DIE when it is junior to any of them: it has to release what it holds, read again and start over, else
 *               agents could wait for each other in a cycle. It is WAIT_TIMEOUT when "wait_ms" is over. "wait_time" is
 *               at most 1000. At most 16 conflicts are listed, the oldest first, out of "conflicts_total"; those in state
 *               "waiting" asked before and are in the queue. They name sessions, not their lease ids. "senior" is
 *               true, or absent: other sessions passed this one too often while it waited, so that it is older now than
 *               every session that is not senior, whatever their priorities. Lists and events have it as well.
 *   Error       {"success":false,"code":"...","error":"one sentence"}
 *
 *   An answer with "code" is an error, one with "reason" and no "code" is a verdict. The codes:
 *
 *     INVALID_REQUEST       a field is missing, of the wrong type, out of range or unknown; or the text is no JSON
 *     PAYLOAD_TOO_LARGE     the request text is longer than KLOCK_MAX_REQUEST_BYTES
 *     UNKNOWN_LEASE         no such lease: never granted, released, revoked, or ended too long ago to be remembered
 *     EXPIRED               the lease expired before this call; what it protected may have changed since
 *     AGENT_BUSY            a new priority for an agent that holds or waits for something
 *     STORAGE_UNAVAILABLE   the store could not be read or written: nothing was granted
 *     CLOSED                the handle is NULL, closed, made up, or was inherited through fork(); or it, or the session,
 *                           was closed while the call waited
 *     INTERNAL              a defect of the library; the handle remains usable
 *
 *
 * OWNERSHIP
 *
 *   Every char * that this library returns belongs to the caller and is freed with klock_free(), never with free().
 *   It is NULL only when there was no memory for the answer. Texts passed in remain the caller's; the library has read
 *   them when the call returns. klock_version() returns a constant that nobody frees.
 *
 *
 * THREADS
 *
 *   Any thread may call any function at any time, on the same handle too. Closing a handle that other threads are
 *   using is safe: their calls answer as they would have, or CLOSED; one that waits answers CLOSED at once. Not for signal
 *   handlers. Once the library was used, a process ends by exit() or a return from main: one whose last thread ends by
 *   pthread_exit() never ends.
 *
 *
 * WAITING
 *
 *   A request with "wait_ms" blocks the calling thread until it is granted, refused, or the time is over; other threads
 *   continue, and a signal does not end it. A WAIT joins the queue: first come, first served among those who conflict; a
 *   later request that conflicts is judged against it as against a holder. A DIE of a session that holds nothing and
 *   queues for nothing is parked, where it blocks nobody; it ends with DIE as soon as its session acquires or queues
 *   something else. A DIE of a session that holds something is answered at once. The ttl starts at the grant. If the
 *   process dies, its place in the queue is gone at once where its death can be detected, and within 5 s everywhere.
 *   klock_close() and klock_end_session() end waits with CLOSED.
 *
 *   A host that cannot spare a thread for each wait, or wants to cancel one, submits its requests: klock_submit() never
 *   waits and returns a ticket for a request that does, one thread of the host gets all answers from klock_collect(), and
 *   klock_cancel() cancels a ticket:
 *
 *       klock_submit(klock, "{\"request\":\"acquire\",\"wait_ms\":60000, ...}")   {"success":true,"data":{"ticket":7}}
 *       klock_collect(klock, "{\"timeout_ms\":1000}")    {"success":true,"data":{"answers":[{"ticket":7,"answer":{...}}],"open":0}}
 *
 *   The library has no thread of its own: for tickets some thread has to be in klock_collect(), or in a call that waits
 *   on the same handle. While none is, tickets make no progress by themselves: they are granted by what other threads
 *   release, and time out, late, at the next call; on an SQLite file their places are gone after 5 s: they end with WAIT_TIMEOUT.
 *
 *
 * FORK
 *
 *   After fork() the library works in the child. Handles that the child inherited do not: they answer CLOSED there
 *   (a copied memory store would grant what the parent holds), while the parent's keep working. The child opens its
 *   own, also on the same SQLite file; nothing of either is lost. fork() itself never waits, whatever other threads
 *   are doing here. The child's first call loads a fresh copy of the library, which takes some milliseconds and needs the
 *   library's file to be still in its place; if it is gone or another version, every call in that child answers INTERNAL.
 *   posix_spawn(), system() and fork() with exec need no care. A child of vfork(), _Fork() or a raw clone() must exec
 *   before it calls anything here.
 *
 *
 * LOADING
 *
 *   Link with -lklock or dlopen it, from any folder. It is never unloaded: dlclose() is harmless and does nothing.
 *   It carries its own SQLite under hidden names; a host that links another one keeps using that, but never for a file
 *   that is open here, nor may it open() and close() that file by itself: POSIX drops all locks that a process has on a
 *   file when the process closes any descriptor of it, and the store would be unprotected.
 *
 *
 * LIMITS
 *
 *   agent_id, session_id, namespace 1 to 256 bytes; request_id up to 128 bytes; resource_path, path, cwd 1 to 4096 bytes, and of a
 *   FILE, or the file of a SYMBOL, at most 256 parts, the names between its slashes; note up to 1024 bytes; 1 to 256 intents
 *   a manifest; ttl 1 to 86400000 ms (a day); wait_ms, timeout_ms 0 to 3600000 ms (an hour); 1 to 1000 events an answer;
 *   a request up to 1 MiB; 65536 open tickets a handle; 4096 open handles a process.
 *   Past a limit: an error that names the field, never a cut-off value.
 */
#ifndef KLOCK_H
#define KLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. klock_version() and klock_abi_version() return those of the loaded library. */
#define KLOCK_VERSION "0.3.0"
#define KLOCK_VERSION_MAJOR 0
#define KLOCK_VERSION_MINOR 3
#define KLOCK_VERSION_PATCH 0

/* Rises when a program built against an older header would misbehave. New functions and JSON fields do not raise it. */
#define KLOCK_ABI_VERSION 1

/* The longest request text, in bytes, without the NUL that ends it. */
#define KLOCK_MAX_REQUEST_BYTES 1048576

#if defined(_WIN32)
#define KLOCK_API __declspec(dllimport)
#elif defined(__GNUC__)
#define KLOCK_API __attribute__((visibility("default")))
#else
#define KLOCK_API
#endif

/* An open store. Opaque, and never reused: a closed handle's value stays invalid for good. */
typedef struct klock_handle klock_t;

/*
 * Opens a store.
 *
 * options_json: NULL, or {"storage":S,"bind_to_process"?,"cwd"?,"root"?} where S is
 *     "auto"                              what the klock command uses in the same folder: what KLOCK_STORAGE names, else the
 *                                         store of the git repository, else the user's own. The choice for agents
 *     "memory"                            (the default) for the threads of this process; gone when the handle is closed
 *     "sqlite:<path>"                     one file for all processes of this machine; made if it is not there
 *     "sqlite:<path>?synchronous=normal"  quicker: a power cut may take the latest grants (kill -9 still does not)
 *     Other options, several joined by '&': network=allow (else a file on a network file system is refused), history=<number>
 *     (events kept at least, 1,000 to 10,000,000; 10000) and history_age=<duration> (1h to 3650d; 30d): events beyond either are deleted.
 *     A path has no '?'. A relative one counts from the working directory at this call. The file belongs on a local disk, in
 *     an existing folder; only its owner can read a new one (mode 0600). SQLite keeps <path>-wal and <path>-shm beside it.
 *     "bind_to_process": true (the default): leases on a file end at once when the process that took them does, where
 *     that can be detected (the same boot and process namespace). false: they last until they are released or expire, so that
 *     another process can take them over.
 *     "cwd": the folder from which "auto" and the default root are found; the working directory of the process if left out.
 *     "root": the folder that relative names count from; absolute FILE paths inside it are the same files. It need not exist.
 *     If it is left out, the top of the git repository that "cwd" is in, in each of its work trees; elsewhere there is none.
 * error_json: NULL, or where to put the error. Set to NULL on success, else to an error answer to be freed with
 *     klock_free().
 *
 * Returns the handle, to be ended with klock_close(), or NULL: INVALID_REQUEST for options that cannot be read,
 * STORAGE_UNAVAILABLE for a store that cannot be opened, or whose repository cannot be determined. "auto" is
 * INVALID_REQUEST where the environment names a server (KLOCK_SERVER, or KLOCK_SOCKET for another socket than that of a default
 * store): use a server over HTTP. Two handles on "memory" are two separate stores; two handles on one file, in one process
 * or many, are the same store.
 */
KLOCK_API klock_t *klock_open(const char *options_json, char **error_json);

/*
 * Closes a handle and frees what it holds in memory. Leases on an SQLite file last until they are released, expire, or
 * the process that they are bound to ends: release what you hold first. NULL, closed and made-up handles are ignored.
 */
KLOCK_API void klock_close(klock_t *klock);

/*
 * Sets the priority of an agent, before its first acquire or while it neither holds nor waits for anything.
 *
 * json: {"agent_id":"ann","priority":0..18446744073709551615}   a lower number is older, that is senior.
 * Done: data {"agent_id","priority"}. Registering the same priority again changes nothing.
 * Fails: AGENT_BUSY if the agent holds or waits for anything and the priority is another one. INVALID_REQUEST.
 * An agent that acquires without being registered gets the current time in ms as its priority. Ties are broken by
 * agent_id, then session_id, in byte order.
 */
KLOCK_API char *klock_register_agent(klock_t *klock, const char *json);

/*
 * Asks for a lease on one resource.
 *
 * json: {"agent_id","session_id","resource_type","resource_path","predicate","ttl","wait_ms"?,"note"?,"request_id"?,
 *        "namespace"?}
 *     resource_type   FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM, in any case
 *     resource_path   FILE paths are normalised ("a//b/../c" is "a/c"), and one that ends in slash, star, star is the
 *                     folder and all beneath it; a SYMBOL "src/a.c#main" lies inside the FILE "src/a.c", and in its name
 *                     '/' is written %2F. A drive letter is read in either case ("c:/a" is "C:/a")
 *     predicate       PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES, in any case. CONSUMES and DEPENDS_ON
 *                     go together, and each with PROVIDES; all other pairs conflict
 *     ttl             ms until the lease expires unless a heartbeat renews it
 *     wait_ms         how long to wait for the grant, see WAITING; without it, or 0, the answer comes at once
 *     note            shown to whoever is refused because of this lease
 *     request_id      an idempotency key. Repeat a call whose answer was lost with the same one: it gets the lease already granted,
 *                     renewed, or, while the first call waits, what that one will get. A caller that goes away ends no such lease
 *     namespace       of the resource: resources of different namespaces never meet, nor one with a namespace and one without.
 *                     Any text without control characters; agents and sessions are the same in all. On a server that keeps
 *                     repositories apart it is the repository's, as klock_canonical_path returns it
 * Done: data {"lease_id","agent_id","session_id","resource":"FILE:src/auth.c","namespace"?,"predicate",
 *     "acquired_at","ttl","expires_at","fencing_token","warning"?}; "namespace" where the request said one, as everywhere below.
 *     Every grant is a new lease, also on a resource that the session holds already.
 *     "lease_id" (32 hex digits) is the right to release the lease. "fencing_token" rises with every grant of a store, for
 *     ever, below 2^53: whoever guards the resource can refuse a writer whose token is lower than one it has seen.
 *     "warning" (text) is there when another live process holds a lease on the same resource, in the same session of the same
 *     SQLite file: they do not exclude each other. A process is warned once for each session; a pool that shares one can ignore it.
 * Refused: as under ANSWERS. A refusal, WAIT_TIMEOUT too, leaves nothing behind but the agent's priority and an event.
 * Fails: INVALID_REQUEST, and CLOSED while waiting.
 * The same agent and session never conflict with themselves; two sessions of one agent do. On an SQLite file an answered
 * grant survives the death of the process.
 */
KLOCK_API char *klock_acquire(klock_t *klock, const char *json);

/*
 * Asks for leases on several resources: all of them in one step, or none. While it waits it holds none of them.
 *
 * json: {"agent_id","session_id","ttl","wait_ms"?,"note"?,"request_id"?,"namespace"?,
 *        "intents":[{"predicate","resource_type","resource_path"}, ... 1 to 256]}
 * Done: data {"leases":[...]}, each as klock_acquire answers it, in the order of the intents.
 * Refused: as klock_acquire. Fails: INVALID_REQUEST, and CLOSED while waiting.
 * All of it is in the one namespace that the request says; an intent with one of its own is refused.
 * A rename is RENAMES on the old name and PROVIDES on the new one.
 */
KLOCK_API char *klock_acquire_all(klock_t *klock, const char *json);

/*
 * Asks what klock_acquire_all would answer to a manifest, and leaves nothing behind.
 *
 * json: {"agent_id","session_id","namespace"?,"intents":[{"predicate","resource_type","resource_path"}, ... 1 to 256]}
 * Answers, flat: {"success","agent_id","session_id","status":"Granted"|"Wait"|"Die","reason","held_by","conflicts":["..."],
 *     "retry_after_ms"}; "success" is true for "Granted" alone, and then "reason", "held_by" and "retry_after_ms" are null.
 *     The worst verdict of the intents counts. "conflicts" are sentences for people, "held_by" is an agent_id.
 * Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_declare_intents(klock_t *klock, const char *json);

/*
 * Renews a lease: it then expires a full ttl from now.
 *
 * json: {"lease_id","ttl"?}: "ttl" (1 to 86400000 ms) is the lease's from now on. Done: data {"renewed":true,"lease_id","expires_at"}.
 * Fails: EXPIRED (the lease is lost and cannot be revived), UNKNOWN_LEASE (also once it was revoked), INVALID_REQUEST.
 * A careful holder counts the ttl from the moment it sent its last successful request, on its own clock; "expires_at" is
 * for display.
 */
KLOCK_API char *klock_heartbeat(klock_t *klock, const char *json);

/*
 * Releases a lease.
 *
 * json: {"lease_id"}. Done: data {"released":true,"lease_id"}.
 * Fails: EXPIRED (it was over before: others may have been at the resource), UNKNOWN_LEASE, INVALID_REQUEST.
 */
KLOCK_API char *klock_release(klock_t *klock, const char *json);

/*
 * Takes a lease away from its holder, whoever calls: for an operator. The holder is not notified; its next heartbeat fails.
 *
 * json: {"lease_id"}. Done: data {"revoked":true,"lease_id"}.
 * Fails: as klock_release.
 */
KLOCK_API char *klock_revoke(klock_t *klock, const char *json);

/*
 * Changes the predicate of a lease in place: it keeps its id, and gets a new fencing token and a full ttl from now.
 *
 * json: {"lease_id","predicate","wait_ms"?}
 * Done: data as klock_acquire answers it, "acquired_at" that of the first grant. A change to a predicate that conflicts
 *     with no more than the old one always succeeds, and grants whom it frees.
 * Refused: as klock_acquire; the lease stays what it was, also while the change waits. Waiting does not renew it.
 * Fails: EXPIRED and UNKNOWN_LEASE (also when the lease ends while the change waits), INVALID_REQUEST (also when another change
 *     of the lease waits already), CLOSED.
 */
KLOCK_API char *klock_change_lease(klock_t *klock, const char *json);

/*
 * Renews all leases of a session, and keeps its waits.
 *
 * json: {"agent_id","session_id"}. Done: data {"renewed":N}, how many leases; 0 for a session that has none.
 * Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_renew_session(klock_t *klock, const char *json);

/*
 * Ends a session: releases all its leases at once, and ends its waits, which answer CLOSED.
 *
 * json: {"agent_id","session_id"}. Done: data {"released":N}, how many leases. Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_end_session(klock_t *klock, const char *json);

/*
 * Lists the active leases.
 *
 * json: NULL for all, or a filter {"agent_id"?,"session_id"?,"resource"?,"namespace"?}, whose fields must all hold. "resource" is
 *     "TYPE:path" and finds the leases that meet it: the same resource, one inside it, one around it, in "namespace"; without
 *     that in none. "namespace" alone finds all that is in it. With "limit" (1 to 1000) it is a page of so many at most, of those that come
 *     after "after" (default 0); without it all, if they are no more than 100,000.
 * Done: data [{"id","agent_id","session_id","resource","namespace"?,"predicate","senior"?,"state","acquired_at","ttl","expires_at",
 *     "last_heartbeat","fencing_token","note"?}], and beside it "next" when there are more: "after" of the next page.
 * Fails: INVALID_REQUEST; so are more than 100,000 without a limit.
 */
KLOCK_API char *klock_list_leases(klock_t *klock, const char *json);

/*
 * Lists what is waited for, one entry a resource: the queue first, then the waits that are parked, each in its order.
 *
 * json: NULL for all, or a filter {"agent_id"?,"session_id"?,"resource"?,"namespace"?}, and pages, as of klock_list_leases; "limit" counts
 *     requests, each of which is listed with all that it waits for.
 * Done: data [{"agent_id","session_id","resource","namespace"?,"predicate","state":"queued"|"parked","wait_until","note"?}], "wait_until"
 *     being when the time to wait is over, in ms since the Unix epoch.
 * Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_list_waiters(klock_t *klock, const char *json);

/*
 * Lists the agents that the store remembers; idle ones are forgotten when there are too many.
 *
 * json: NULL for all, or a page {"limit","after"?} as of klock_list_leases; but "after" is a string, "next" of the page before.
 * Done: data [{"agent_id","priority"}], the oldest first, and beside it "next" when there are more.
 * Fails: INVALID_REQUEST; so are more than 100,000 without a limit.
 */
KLOCK_API char *klock_list_agents(klock_t *klock, const char *json);

/*
 * Shows leases, waits and agents as they are at one event, in one read.
 *
 * json: NULL for everything, or the filter of klock_list_leases, which narrows down leases and waits ("agent_id" the agents too), and
 *     "limit" (1 to 1000), the most entries of each list; without it all, if no list has more than 100,000. "agents":"none" leaves the
 *     list of agents empty, which may be long.
 * Done: data {"sequence","time","leases":[],"waiters":[],"agents":[],"next":{}}, the lists as of klock_list_leases, klock_list_waiters and
 *     klock_list_agents. "sequence" is the number of the event: klock_events with it as "after" goes on exactly there. "next" has
 *     "leases", "waiters" and "agents" where a list has more: "after" of its next page. "time" is the store's, as in
 *     "2026-01-31T12:00:00.000Z". A lease that is overdue is not listed; its EXPIRED may come after "sequence".
 * Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_snapshot(klock_t *klock, const char *json);

/*
 * Lists what happened: every grant, refusal, wait, renewal, change, end and registration, in order. Renewals are dropped first.
 *
 * json: NULL, or {"after"?,"limit"?}: events whose number is above "after" (default 0), at most "limit" (1 to 1000, default 100).
 * Done: data [{"seq","kind","at", ...}]. The numbers of a store start at a large one, so begin with 0 and continue with the last
 *     "seq". The kinds: CREATED, REGISTERED, FORGOTTEN (an idle agent), GRANTED, RENEWED, CHANGED, RELEASED, EXPIRED,
 *     REVOKED, REFUSED, QUEUED, PARKED, PROMOTED (from parked to queued), WAIT_ENDED, KEPT_ALIVE (a wait),
 *     RESUMED (with synchronous=normal, after a reboot: numbers continue above all that may have been lost),
 *     SESSION_SHARED (see "warning" of klock_acquire). Skip a kind that you do not know. With an agent come
 *     "agent_id", "session_id", "resource", "namespace" and "predicate" as far as they apply, then the fields of the
 *     kind. No event has a lease id. "seq" of a GRANTED or CHANGED is its fencing token.
 *     The history is bounded; when events after an "after" above 0 are no longer kept, the first entry is
 *     {"seq","kind":"GAP","first_missing"} and stands for all numbers from "first_missing" to "seq". One stands before a
 *     RESUMED too.
 * Fails: INVALID_REQUEST.
 */
KLOCK_API char *klock_events(klock_t *klock, const char *json);

/*
 * Starts a request that may wait, and returns without waiting.
 *
 * json: {"request":"acquire"|"acquire_all"|"change_lease", ...}: the other fields are those of the function of that name.
 * Answers what that function would, if it can at once; else it waits, and the answer is data {"ticket":N}, N counting from 1
 *     for each handle. A ticket is open until its answer is collected or it is cancelled. On an SQLite file "at once" is the
 *     time of a commit.
 * Fails: as that function; INVALID_REQUEST also when 65536 tickets are open.
 */
KLOCK_API char *klock_submit(klock_t *klock, const char *json);

/*
 * Waits until tickets are answered, and returns their answers. Meanwhile it does what is due, for all who wait on the handle.
 *
 * json: NULL, or {"timeout_ms"?}: how long to wait, an hour if it is left out. 0 does what is due now, and does not wait.
 * Done: data {"answers":[{"ticket","answer":{...}}],"open":N}: at most 1000, each exactly once, each "answer" as its function
 *     would have answered; none when the time is over. "open" is how many tickets are left. With no ticket open it returns at
 *     once, also when the last one is cancelled meanwhile. Several threads may collect: each answer goes to one of them.
 * Fails: INVALID_REQUEST. CLOSED after klock_close(): all tickets are over then, and their answers would have been CLOSED; a
 *     thread that is inside while another closes still gets them.
 */
KLOCK_API char *klock_collect(klock_t *klock, const char *json);

/*
 * Cancels a ticket: the request leaves the queue, and a lease that it was granted just before is released, unless the
 * request had a "request_id": another caller with the same one may have got that lease.
 *
 * json: {"ticket"}
 * Done: data {"ticket","cancelled","answer"?}: "cancelled" is true when nothing of the request is left. It is false for a
 *     change_lease that was made already, and for a grant with a "request_id": these stay, and "answer" is what
 *     klock_collect() would have returned, so that a host that knows it was the only caller can release the lease. The
 *     ticket is not open any more.
 * Fails: INVALID_REQUEST, also for a ticket that is not open: when another thread has just collected it, its answer is there.
 *     STORAGE_UNAVAILABLE: the ticket stays open. CLOSED.
 */
KLOCK_API char *klock_cancel(klock_t *klock, const char *json);

/*
 * Finds the name of a file, so that all who mean one file name one resource, and its store, so that they use the same.
 * The path is made absolute from "cwd", freed of symbolic links and, inside a git repository, relative to the top of the work
 * tree, so that work trees agree; of a submodule, to that of the outermost superproject. The file need not exist. git is not
 * run, and its variables (GIT_DIR and the like) are ignored.
 *
 * json: {"path","cwd"?}; "cwd" is the working directory of the process if it is left out. "dir/" and two stars is a subtree.
 * Done: data {"resource_path","root","namespace","store"}, null for what does not exist:
 *     "resource_path"  the name; the top of the work tree itself is "."
 *     "root"           the folder that the name counts from; null outside of a repository, where names are absolute
 *     "namespace"      KLOCK_NAMESPACE, else the name of the repository's origin, as in "github.com/acme/shop"
 *     "store"          what "auto" is there: "sqlite:/...", the URL of a server, or "unix:/..." for the socket of one
 * Fails: INVALID_REQUEST. STORAGE_UNAVAILABLE: a .git points to something that is not there, or cannot be read. Needs no handle.
 */
KLOCK_API char *klock_canonical_path(const char *json);

/*
 * Sweeps leases that have expired. They block nobody in any case, swept or not; this only tidies.
 *
 * Done: data {"evicted":N}, how many this call swept.
 */
KLOCK_API char *klock_evict_expired(klock_t *klock);

/* Frees an answer of this library. NULL is ignored. Anything else that is not an unfreed answer is a defect of the caller. */
KLOCK_API void klock_free(char *answer);

/* The version of the loaded library, such as "0.3.0". A constant; never NULL. Needs no handle. */
KLOCK_API const char *klock_version(void);

/* The ABI version of the loaded library: a program that needs this header checks that it equals KLOCK_ABI_VERSION. */
KLOCK_API uint32_t klock_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif /* KLOCK_H */
