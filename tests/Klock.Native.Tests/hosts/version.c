/*
 * The library that is loaded is the one that the header describes: usage: version LIBRARY [open].
 * With "open" it then tries to open a store, which must fail, and prints why.
 */
#include "host.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2 || argc == 3);
    load(argv[1]);
    CHECK(strcmp(CALL("klock_version", const char *(*)(void))(), KLOCK_VERSION) == 0);
    CHECK(CALL("klock_abi_version", uint32_t(*)(void))() == KLOCK_ABI_VERSION);
    if (argc == 3) {
        char *error = NULL;
        CHECK(CALL("klock_open", klock_t * (*)(const char *, char **))(NULL, &error) == NULL);
        puts(error);
        return 0;
    }
    puts("ok");
    return 0;
}
