/* What the C hosts of these tests share: the library, loaded by hand, and a check that ends the program. */
#ifndef KLOCK_TEST_HOST_H
#define KLOCK_TEST_HOST_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "klock.h"

#define CHECK(what)                                                                                       \
    do {                                                                                                  \
        if (!(what)) {                                                                                    \
            fprintf(stderr, "%s:%d: process %d: not so: %s\n", __FILE__, __LINE__, (int)getpid(), #what); \
            exit(1);                                                                                      \
        }                                                                                                 \
    } while (0)

static void *library;

static void load(const char *path)
{
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
}

#define CALL(name, type) ((type)dlsym(library, name))

static inline klock_t *host_open(const char *options)
{
    char *error = NULL;
    klock_t *klock = CALL("klock_open", klock_t * (*)(const char *, char **))(options, &error);
    if (klock == NULL) {
        fprintf(stderr, "process %d: %s\n", (int)getpid(), error);
        exit(1);
    }
    return klock;
}

/* Copies the answer out, so that no caller has to free it. */
static inline void host_send(const char *function, klock_t *klock, const char *json, char *answer, size_t room)
{
    char *text = CALL(function, char *(*)(klock_t *, const char *))(klock, json);
    CHECK(text != NULL);
    snprintf(answer, room, "%s", text);
    CALL("klock_free", void (*)(char *))(text);
}

/* Acquires FILE:<path> for a session that nobody else uses; answers the lease id, or "" when it was refused. */
static inline void host_acquire(klock_t *klock, const char *path, const char *session, char lease_id[33])
{
    char json[512], answer[4096];
    snprintf(json, sizeof json,
             "{\"agent_id\":\"host\",\"session_id\":\"%s\",\"resource_type\":\"FILE\",\"resource_path\":\"%s\","
             "\"predicate\":\"MUTATES\",\"ttl\":3600000}",
             session, path);
    host_send("klock_acquire", klock, json, answer, sizeof answer);
    const char *id = strstr(answer, "\"lease_id\":\"");
    lease_id[0] = '\0';
    if (id != NULL) {
        memcpy(lease_id, id + strlen("\"lease_id\":\""), 32);
        lease_id[32] = '\0';
    }
}

static inline void host_release(klock_t *klock, const char *lease_id)
{
    char json[64], answer[1024];
    snprintf(json, sizeof json, "{\"lease_id\":\"%s\"}", lease_id);
    host_send("klock_release", klock, json, answer, sizeof answer);
    CHECK(strstr(answer, "\"released\":true") != NULL);
}

/* A child's status: anything but exit code 0 ends this program too, and says how the child ended. */
static inline void host_ended_well(int status)
{
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "a child was ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
        exit(1);
    }
    CHECK(WEXITSTATUS(status) == 0);
}

/* Whether a call on the handle says that it is closed. */
static inline int host_is_closed(klock_t *klock)
{
    char answer[1024];
    host_send("klock_acquire", klock, "{}", answer, sizeof answer);
    return strstr(answer, "\"code\":\"CLOSED\"") != NULL;
}

#endif
