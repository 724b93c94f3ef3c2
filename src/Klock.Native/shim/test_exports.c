/* The exports of the test flavour besides klock.h. They call this very copy: not for use in a forked child. */
#include "library.h"
#include "managed.h"

#define KLOCK_TEST_API __attribute__((visibility("default")))

/* Like klock_open, with {"seed":n,"now_ms":n} besides: ids come from the seed, and the clock stands still. */
KLOCK_TEST_API klock_t *klock_test_open(const char *options_json, char **error_json)
{
    return (klock_t *)(uintptr_t)klock_managed_test_open(options_json, klock_text_bytes(options_json), error_json);
}

/* Sets the clock of a handle from klock_test_open, in ms since 1970. */
KLOCK_TEST_API void klock_test_set_now(klock_t *klock, int64_t now_ms)
{
    klock_managed_test_set_now((uintptr_t)klock, now_ms);
}

/* Returns the JSON that it gets: the cost of a call that does nothing else. Freed with klock_free. */
KLOCK_TEST_API char *klock_test_echo(klock_t *klock, const char *json)
{
    return klock_managed_test_echo((uintptr_t)klock, json, klock_text_bytes(json));
}

/* The version of the SQLite that the managed side uses, as 3051003 for 3.51.3. */
KLOCK_TEST_API int32_t klock_test_sqlite_version(void)
{
    return klock_managed_test_sqlite_version();
}

/* Runs a full garbage collection. */
KLOCK_TEST_API void klock_test_collect(void)
{
    klock_managed_test_collect();
}
