/* A load generator with one thread, so that the server it drives has the other core: the same loop for HTTP and for Redis. */
#ifndef KLOCK_LOAD_H
#define KLOCK_LOAD_H

#include <stddef.h>
#include <stdint.h>

#define LONGEST_MESSAGE 4096

/* One connection, which has one request under way at a time. */
struct peer {
    int fd;
    unsigned number;        /* names its agent and its resource, which are its own */
    unsigned asked;         /* how many requests it has sent */
    uint64_t sent_at_ns;
    size_t received;
    char answer[LONGEST_MESSAGE];
    char lease[33];         /* what the last acquire got */
};

/* What is said and what is heard on a connection. */
struct protocol {
    /* Writes the next request; returns its length. */
    size_t (*ask)(struct peer *peer, char *request);
    /* Whether the whole answer is there; ends the program when it is not the one that was asked for. */
    int (*is_answered)(struct peer *peer);
};

extern const struct protocol klock_pairs;   /* POST /leases, then DELETE of what was got */
extern const struct protocol klock_holds;   /* POST /leases, each time for another resource */
extern const struct protocol redis_pairs;   /* SET NX PX, then DEL */

/* peers.c */
uint64_t now_ns(void);
void fail(const char *what);
int connect_to(unsigned port);
void send_all(int fd, const char *text, size_t length);
int receive_some(struct peer *peer);

/* http.c: a whole HTTP answer's length, 0 while it is not all there; and requests. */
size_t http_answer(const struct peer *peer);
size_t http_acquire(char *request, const char *agent, const char *path, unsigned number, unsigned wait_ms);
size_t http_release(char *request, const char *lease);
void http_take_lease(struct peer *peer);

/* Which of several loads on one store this is: the agents and files of klock_pairs have it in their names. */
void set_pairs_of(const char *load);

/* loop.c */
void run_pairs(const struct protocol *protocol, unsigned port, unsigned connections, unsigned seconds);
void run_holds(unsigned port, unsigned leases);

/* waits.c */
void run_waits(unsigned port, unsigned waits);

#endif
