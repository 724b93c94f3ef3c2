/*
 * Linked into a program: checks, before its runtime starts, whether it can. The runtime would end the program without a message.
 * KLOCK_PROGRAM is what the program calls itself, KLOCK_THREADS and KLOCK_MEGABYTES what it needs.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "room.h"

enum { UNAVAILABLE = 4 };

static int wants_json(int count, char **arguments)
{
    for (int i = 1; i < count && strcmp(arguments[i], "--") != 0; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            return 1;
        }
    }
    return 0;
}

/* The C library passes the command line to constructors. */
__attribute__((constructor)) static void see_whether_the_runtime_can_start(int count, char **arguments)
{
    const char *why = klock_why_no_runtime(KLOCK_THREADS, (size_t)KLOCK_MEGABYTES << 20);
    if (why == NULL) {
        return;
    }
    dprintf(STDERR_FILENO, KLOCK_PROGRAM ": %s\n", why);
    if (wants_json(count, arguments)) {
        dprintf(STDOUT_FILENO, "{\"success\":false,\"code\":\"INTERNAL\",\"error\":\"%s\"}\n", why);
    }
    _exit(UNAVAILABLE);
}
