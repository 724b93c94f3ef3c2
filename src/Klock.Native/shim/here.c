/* This copy of the library: converts C texts to spans and handles to numbers, and calls the managed side. */
#include <string.h>

#include "library.h"
#include "managed.h"

size_t klock_text_bytes(const char *json)
{
    return json == NULL ? 0 : strnlen(json, KLOCK_MAX_REQUEST_BYTES + 1);
}

static klock_t *open_here(const char *options_json, char **error_json)
{
    return (klock_t *)(uintptr_t)klock_managed_open(options_json, klock_text_bytes(options_json), error_json);
}

static void close_here(klock_t *klock)
{
    klock_managed_close((uintptr_t)klock);
}

static char *evict_expired_here(klock_t *klock)
{
    return klock_managed_request(KLOCK_EVICT_EXPIRED, (uintptr_t)klock, NULL, 0);
}

static char *canonical_path_here(const char *json)
{
    return klock_managed_canonical_path(json, klock_text_bytes(json));
}

#define KLOCK_HERE(name, number)                                                                \
    static char *name##_here(klock_t *klock, const char *json)                                  \
    {                                                                                           \
        return klock_managed_request(number, (uintptr_t)klock, json, klock_text_bytes(json));   \
    }
KLOCK_REQUESTS(KLOCK_HERE)

#define KLOCK_TICKETS_HERE(name, number)                                                        \
    static char *name##_here(klock_t *klock, const char *json)                                  \
    {                                                                                           \
        return klock_managed_ticket(number, (uintptr_t)klock, json, klock_text_bytes(json));    \
    }
KLOCK_TICKETS(KLOCK_TICKETS_HERE)

const struct klock_library klock_library_here = {
    .open = open_here,
    .close = close_here,
    .evict_expired = evict_expired_here,
    .canonical_path = canonical_path_here,
#define KLOCK_ENTRY(name, number) .name = name##_here,
    KLOCK_CALLS(KLOCK_ENTRY)
#undef KLOCK_ENTRY
};
