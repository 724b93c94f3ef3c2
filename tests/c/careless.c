/*
 * What memory checkers have to find: run.py takes their word for the other tests only because they report this program.
 * Usage: careless leak|late
 */
#include "support.h"

#include <string.h>

int main(int argc, char **argv) {
    klock_t *klock = open_store();
    char *answer = acquire(klock, "careless", "a.c", "CONSUMES", 60000);
    if (argc < 2 || answer == NULL) return 2;
    if (strcmp(argv[1], "leak") == 0) answer = NULL;
    klock_free(answer);
    if (strcmp(argv[1], "late") == 0) printf("%c\n", answer[1]);
    klock_close(klock);
    return 0;
}
