#define _XOPEN_SOURCE 700
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *storage = "memory";

void use_storage(int argc, char **argv) {
    if (argc > 1) storage = argv[1];
}

klock_t *open_store(void) {
    char options[4200];
    char *error = NULL;
    klock_t *klock;
    /* What one process takes, another one looks at when it is gone. */
    snprintf(options, sizeof options, "{\"storage\":\"%s\",\"bind_to_process\":false}", storage);
    klock = klock_open(options, &error);
    if (klock == NULL) {
        fprintf(stderr, "cannot open %s: %s\n", storage, error == NULL ? "no error given" : error);
        exit(2);
    }
    return klock;
}

char *acquire(klock_t *klock, const char *agent, const char *path, const char *predicate, unsigned ttl_ms) {
    char json[1024];
    snprintf(json, sizeof json,
             "{\"agent_id\":\"%s\",\"session_id\":\"s-%s\",\"resource_type\":\"FILE\",\"resource_path\":\"%s\","
             "\"predicate\":\"%s\",\"ttl\":%u}",
             agent, agent, path, predicate, ttl_ms);
    return klock_acquire(klock, json);
}

char *register_agent(klock_t *klock, const char *agent, unsigned priority) {
    char json[512];
    snprintf(json, sizeof json, "{\"agent_id\":\"%s\",\"priority\":%u}", agent, priority);
    return klock_register_agent(klock, json);
}

char *with_lease(char *(*function)(klock_t *, const char *), klock_t *klock, const char *lease_id) {
    char json[128];
    snprintf(json, sizeof json, "{\"lease_id\":\"%s\"}", lease_id);
    return function(klock, json);
}

int has(const char *answer, const char *text) { return answer != NULL && strstr(answer, text) != NULL; }

int answered(char *answer, const char *text) {
    int found = has(answer, text);
    if (!found) fprintf(stderr, "expected %s in %.400s\n", text, answer == NULL ? "NULL" : answer);
    klock_free(answer);
    return found;
}

int succeeded(char *answer) { return answered(answer, "{\"success\":true,"); }

int failed_with(char *answer, const char *code) {
    char text[80];
    snprintf(text, sizeof text, "{\"success\":false,\"code\":\"%s\",\"error\":\"", code);
    return answered(answer, text);
}

void field(const char *answer, const char *name, char *value, size_t size) {
    char key[64];
    const char *start;
    size_t length;
    value[0] = '\0';
    snprintf(key, sizeof key, "\"%s\":", name);
    start = answer == NULL ? NULL : strstr(answer, key);
    if (start == NULL) return;
    start += strlen(key);
    length = *start == '"' ? strcspn(++start, "\"") : strcspn(start, ",}]");
    if (length >= size) length = size - 1;
    memcpy(value, start, length);
    value[length] = '\0';
}

uint64_t number(const char *answer, const char *name) {
    char text[32];
    field(answer, name, text, sizeof text);
    return strtoull(text, NULL, 10);
}

int take(klock_t *klock, const char *agent, const char *path, const char *predicate, char lease_id[LEASE_ID_SIZE]) {
    char *answer = acquire(klock, agent, path, predicate, 60000);
    int granted = has(answer, "{\"success\":true,");
    field(granted ? answer : NULL, "lease_id", lease_id, LEASE_ID_SIZE);
    klock_free(answer);
    return granted;
}

unsigned count_text(const char *answer, const char *text) {
    unsigned count = 0;
    while (answer != NULL && (answer = strstr(answer, text)) != NULL) count++, answer++;
    return count;
}

void sleep_ms(unsigned ms) {
    struct timespec span;
    span.tv_sec = ms / 1000;
    span.tv_nsec = (long)(ms % 1000) * 1000000L;
    nanosleep(&span, NULL);
}
