#define _XOPEN_SOURCE 700
#include "witness.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

witness_t *witness_open(const char *path) {
    void *memory = MAP_FAILED;
    int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0) return NULL;
    if (ftruncate(file, (off_t)sizeof(witness_t)) == 0)
        memory = mmap(NULL, sizeof(witness_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return memory == MAP_FAILED ? NULL : (witness_t *)memory;
}

void witness_count(uint64_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST); }

/* Each first shows itself and then looks: of two that overlap, the later one to show itself sees the other. */
static void enter_one(witness_t *witness, int i, int writes, uint64_t token) {
    if (writes) {
        if (__atomic_fetch_add(&witness->at[i].writers, 1, __ATOMIC_SEQ_CST) > 0) witness_count(&witness->overlaps);
        if (__atomic_load_n(&witness->at[i].readers, __ATOMIC_SEQ_CST) > 0) witness_count(&witness->overlaps);
        if (token == 0) return;
        if (__atomic_exchange_n(&witness->at[i].top_token, token, __ATOMIC_SEQ_CST) >= token) witness_count(&witness->stale_tokens);
    } else {
        __atomic_fetch_add(&witness->at[i].readers, 1, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&witness->at[i].writers, __ATOMIC_SEQ_CST) > 0) witness_count(&witness->overlaps);
    }
}

void witness_enter(witness_t *witness, int resource, int writes, uint64_t token) {
    int i;
    for (i = 0; i < WITNESS_RESOURCES; i++)
        if (i == resource || resource == WITNESS_ALL) enter_one(witness, i, writes, token);
}

void witness_leave(witness_t *witness, int resource, int writes) {
    int i;
    for (i = 0; i < WITNESS_RESOURCES; i++)
        if (i == resource || resource == WITNESS_ALL)
            __atomic_fetch_sub(writes ? &witness->at[i].writers : &witness->at[i].readers, 1, __ATOMIC_SEQ_CST);
}
