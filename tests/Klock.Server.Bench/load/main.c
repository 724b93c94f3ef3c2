#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

/*
 * load klock|redis PORT CONNECTIONS SECONDS NUMBER
 *     pairs of requests, on files that no other NUMBER has; prints requests a second, and p50 and p99 of an answer in us
 * load hold PORT LEASES
 *     acquires so many and leaves them
 * load waits PORT WAITS
 *     prints "waiting", takes a line from stdin, and prints p50, p99 and the longest wake-up in ms
 */
int main(int count, char **words)
{
    if (count == 6 && strcmp(words[1], "klock") == 0) {
        set_pairs_of(words[5]);
        run_pairs(&klock_pairs, number(words[2]), number(words[3]), number(words[4]));
    } else if (count == 6 && strcmp(words[1], "redis") == 0) {
        run_pairs(&redis_pairs, number(words[2]), number(words[3]), number(words[4]));
    } else if (count == 4 && strcmp(words[1], "hold") == 0) {
        run_holds(number(words[2]), number(words[3]));
    } else if (count == 4 && strcmp(words[1], "waits") == 0) {
        run_waits(number(words[2]), number(words[3]));
    } else {
        fprintf(stderr, "load: see main.c\n");
        return 2;
    }
    return 0;
}
