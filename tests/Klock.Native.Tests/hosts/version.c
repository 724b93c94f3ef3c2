/* The library that is loaded is the one that the header describes. */
#include "host.h"

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    load(argv[1]);
    CHECK(strcmp(CALL("klock_version", const char *(*)(void))(), KLOCK_VERSION) == 0);
    CHECK(CALL("klock_abi_version", uint32_t(*)(void))() == KLOCK_ABI_VERSION);
    puts("ok");
    return 0;
}
