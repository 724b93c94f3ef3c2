/* Whether the .NET runtime can start here: it ends the process when it cannot, so it has to be asked first. */
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "library.h"

/*
 * Under a limit on address space (ulimit -v) the runtime reserves half of that limit, and some for its tables. It gets the half
 * once; a forked child that loads a second copy may find that its parent's has left too little.
 */
int klock_room_for_runtime(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return 1;
    }
    size_t bytes = limit.rlim_cur / 2 + limit.rlim_cur / 16 + ((size_t)64 << 20);
    void *room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return room != MAP_FAILED && munmap(room, bytes) == 0;
}
