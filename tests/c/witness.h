/*
 * A witness knows nothing of Klock: each worker tells it when it is at a resource and when it has left, and it counts
 * whenever a writer was there with anyone else. It lives in shared memory, so workers may be threads or processes.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stdint.h>

enum { WITNESS_RESOURCES = 3, WITNESS_ALL = WITNESS_RESOURCES };

typedef struct {
    struct {
        int32_t writers, readers;
        uint64_t top_token;
    } at[WITNESS_RESOURCES];
    uint64_t overlaps, stale_tokens, grants, waits, dies, errors;
} witness_t;

/* Maps the file, which it makes if need be: all zeros then. NULL on failure. */
witness_t *witness_open(const char *path);

/* resource: an index, or WITNESS_ALL for a writer in the folder above them. token 0: none to judge. */
void witness_enter(witness_t *witness, int resource, int writes, uint64_t token);
void witness_leave(witness_t *witness, int resource, int writes);

void witness_count(uint64_t *counter);

#endif
