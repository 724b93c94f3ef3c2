/* Whether the .NET runtime can start here. It ends the process when it cannot, so this has to be checked first. */
#ifndef KLOCK_ROOM_H
#define KLOCK_ROOM_H

#include <stddef.h>

/* Whether so many more threads can run at once, at most KLOCK_MOST_THREADS. They are started and end again. Any thread. */
#define KLOCK_MOST_THREADS 32
int klock_can_start_threads(int count);

/* Whether there is address space left for one more runtime, and so many bytes beside what it reserves. */
int klock_has_address_space(size_t bytes);

/* Why the runtime cannot start that needs so much; NULL if it can. Text that needs no escaping in JSON. */
const char *klock_why_no_runtime(int threads, size_t bytes);

#endif
