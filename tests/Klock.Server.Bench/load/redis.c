#include "load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A lock as it is usually taken in Redis: only if nobody has it, with a time to live, and a value that names the owner. */
static size_t ask_pair(struct peer *peer, char *request)
{
    char key[32];
    int length = snprintf(key, sizeof key, "pairs:%d:%u", (int)getpid(), peer->number);
    return peer->asked % 2 == 0
        ? (size_t)snprintf(request, LONGEST_MESSAGE,
            "*6\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$32\r\n0123456789abcdef0123456789abcdef\r\n$2\r\nNX\r\n$2\r\nPX\r\n$7\r\n3600000\r\n",
            length, key)
        : (size_t)snprintf(request, LONGEST_MESSAGE, "*2\r\n$3\r\nDEL\r\n$%d\r\n%s\r\n", length, key);
}

static int is_pair_answered(struct peer *peer)
{
    if (strstr(peer->answer, "\r\n") == NULL) {
        return 0;
    }
    if (strcmp(peer->answer, peer->asked % 2 == 1 ? "+OK\r\n" : ":1\r\n") != 0) {
        fail(peer->answer);
    }
    return 1;
}

const struct protocol redis_pairs = {ask_pair, is_pair_answered};
