/* What all C tests share: a store to open, requests made short, and a look into the (compact) answers. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "check.h"
#include "klock.h"

#include <stddef.h>
#include <stdint.h>

/* The storage of this run: "memory" or "sqlite:<path>", from the command line. */
extern const char *storage;

void use_storage(int argc, char **argv);

/* Opens the storage of this run, or ends the program: without it nothing can be tested. */
klock_t *open_store(void);

/* Each hands back an answer to free. FILE resources; session "s-<agent>". */
char *acquire(klock_t *klock, const char *agent, const char *path, const char *predicate, unsigned ttl_ms);
char *register_agent(klock_t *klock, const char *agent, unsigned priority);

/* Calls with {"lease_id":id}. */
char *with_lease(char *(*function)(klock_t *, const char *), klock_t *klock, const char *lease_id);

/* Whether the answer holds that text. Frees nothing. A NULL answer holds nothing. */
int has(const char *answer, const char *text);

/* As has, and frees the answer; prints what it was instead when it does not. */
int answered(char *answer, const char *text);

int succeeded(char *answer);
int failed_with(char *answer, const char *code);

/* The value of the first field of that name, as text without quotes, cut to size; "" when there is none. */
void field(const char *answer, const char *name, char *value, size_t size);
uint64_t number(const char *answer, const char *name);

/* Acquires and keeps the lease id alone; answers whether it was granted. */
#define LEASE_ID_SIZE 33
int take(klock_t *klock, const char *agent, const char *path, const char *predicate, char lease_id[LEASE_ID_SIZE]);

unsigned count_text(const char *answer, const char *text);

void sleep_ms(unsigned ms);

#endif
