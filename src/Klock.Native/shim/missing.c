/* The stand-in when the library cannot run here, or a forked child cannot load its copy: every call answers the reason. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

static const char no_memory[] = "{\"success\":false,\"code\":\"INTERNAL\",\"error\":\"No memory was left for the library.\"}";

/* Neither changed nor freed once it is published: another thread may be reading it. */
static _Atomic(const char *) answer = no_memory;

static char *answer_missing(klock_t *klock, const char *json)
{
    (void)klock;
    (void)json;
    return strdup(atomic_load_explicit(&answer, memory_order_acquire));
}

static char *evict_missing(klock_t *klock)
{
    return answer_missing(klock, NULL);
}

static char *canonical_path_missing(const char *json)
{
    return answer_missing(NULL, json);
}

static klock_t *open_missing(const char *options_json, char **error_json)
{
    if (error_json != NULL) {
        *error_json = answer_missing(NULL, options_json);
    }
    return NULL;
}

static void close_missing(klock_t *klock)
{
    (void)klock;
}

static const struct klock_library missing = {
    .open = open_missing,
    .close = close_missing,
    .evict_expired = evict_missing,
    .canonical_path = canonical_path_missing,
#define KLOCK_ENTRY(name, number) .name = answer_missing,
    KLOCK_CALLS(KLOCK_ENTRY)
#undef KLOCK_ENTRY
};

const struct klock_library *klock_library_missing(const char *sentence)
{
    char text[800];
    size_t i = 0;
    /* The sentence may contain a path or the loader's words; characters that JSON would have to escape are dropped. */
    for (; sentence[i] != '\0' && i + 1 < sizeof text; i++) {
        char c = sentence[i];
        text[i] = c == '"' || c == '\\' || c < ' ' || c > '~' ? '?' : c;
    }
    text[i] = '\0';
    char json[1024];
    snprintf(json, sizeof json, "{\"success\":false,\"code\":\"INTERNAL\",\"error\":\"%s\"}", text);
    if (strcmp(json, atomic_load_explicit(&answer, memory_order_acquire)) != 0) {
        const char *kept = strdup(json);
        atomic_store_explicit(&answer, kept != NULL ? kept : no_memory, memory_order_release);
    }
    return &missing;
}
