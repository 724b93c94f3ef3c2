/* The stand-in when a forked child cannot load its copy of the library: it says so, to every call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

static char answer[1024] = "{\"success\":false,\"code\":\"INTERNAL\",\"error\":\"The library is not loaded.\"}";

static char *answer_missing(klock_t *klock, const char *json)
{
    (void)klock;
    (void)json;
    return strdup(answer);
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
    /* The sentence may hold a path or the loader's words; what JSON would have to escape is not worth keeping. */
    for (; sentence[i] != '\0' && i + 1 < sizeof text; i++) {
        char c = sentence[i];
        text[i] = c == '"' || c == '\\' || c < ' ' || c > '~' ? '?' : c;
    }
    text[i] = '\0';
    snprintf(answer, sizeof answer, "{\"success\":false,\"code\":\"INTERNAL\",\"error\":\"%s\"}", text);
    return &missing;
}
