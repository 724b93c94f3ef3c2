/* The entry points of the managed side (Klock.Native/Exports.cs). Only called through klock_library_here. */
#ifndef KLOCK_MANAGED_H
#define KLOCK_MANAGED_H

#include <stddef.h>
#include <stdint.h>

/*
 * A handle is a number here; 0 is no handle. A text is its first byte and its length; a NULL text stays NULL. Answers are allocated
 * with malloc and end with a NUL byte; they are NULL only when no memory is left.
 */
uint64_t klock_managed_open(const char *json, size_t bytes, char **error_json);
void klock_managed_close(uint64_t klock);
char *klock_managed_request(int32_t operation, uint64_t klock, const char *json, size_t bytes);
char *klock_managed_ticket(int32_t verb, uint64_t klock, const char *json, size_t bytes);
char *klock_managed_canonical_path(const char *json, size_t bytes);

#ifdef KLOCK_TEST_EXPORTS
uint64_t klock_managed_test_open(const char *json, size_t bytes, char **error_json);
void klock_managed_test_set_now(uint64_t klock, int64_t now_ms);
char *klock_managed_test_echo(uint64_t klock, const char *json, size_t bytes);
int32_t klock_managed_test_sqlite_version(void);
void klock_managed_test_collect(void);
#endif

/*
 * How long a text is, reading no further than one byte past the limit: a caller that forgot the NUL gets PAYLOAD_TOO_LARGE.
 * (strnlen may not read past the end of a page either, which a vectorised search over a span would.)
 */
size_t klock_text_bytes(const char *json);

#endif
