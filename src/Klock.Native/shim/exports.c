/* Everything libklock exports. Each function calls the copy of the library that serves this process. */
#include <stdlib.h>

#include "library.h"

klock_t *klock_open(const char *options_json, char **error_json)
{
    return klock_library_in_use()->open(options_json, error_json);
}

void klock_close(klock_t *klock)
{
    klock_library_in_use()->close(klock);
}

#define KLOCK_EXPORT(name, number)                            \
    char *klock_##name(klock_t *klock, const char *json)      \
    {                                                         \
        return klock_library_in_use()->name(klock, json);     \
    }
KLOCK_CALLS(KLOCK_EXPORT)

char *klock_evict_expired(klock_t *klock)
{
    return klock_library_in_use()->evict_expired(klock);
}

char *klock_canonical_path(const char *json)
{
    return klock_library_in_use()->canonical_path(json);
}

/* All copies of the library in a process share its one malloc, so it does not matter which of them made the answer. */
void klock_free(char *answer)
{
    free(answer);
}

const char *klock_version(void)
{
    return KLOCK_VERSION;
}

uint32_t klock_abi_version(void)
{
    return KLOCK_ABI_VERSION;
}
