/*
 * Processes that come, take one lease and go, as a command line tool in every tool call does: opening a file that is not there
 * yet, all at once, and opening while others close. Nobody may be turned away and no lease may be lost.
 * Usage: test_visitors <storage>, or as a visitor: test_visitors visitor <storage> <number> <visits>.
 */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

enum { VISITORS = 8, FILES = 6, VISITS = 15 };

static const char *program;

static int visitor_main(char **argv) {
    int i, visits = atoi(argv[4]);
    char path[64], agent[64], id[LEASE_ID_SIZE];
    storage = argv[2];
    snprintf(agent, sizeof agent, "visitor-%s", argv[3]);
    for (i = 0; i < visits; i++) {
        klock_t *klock = open_store();
        snprintf(path, sizeof path, "visit/%s/%d", argv[3], i);
        if (!take(klock, agent, path, "MUTATES", id)) return 3;
        klock_close(klock);
    }
    return 0;
}

static void visit_all_at_once(int visits) {
    pid_t children[VISITORS];
    char visits_text[16], number_text[16];
    char *listed;
    klock_t *klock;
    int i, status;
    snprintf(visits_text, sizeof visits_text, "%d", visits);
    for (i = 0; i < VISITORS; i++) {
        char *arguments[6];
        snprintf(number_text, sizeof number_text, "%d", i);
        arguments[0] = (char *)program;
        arguments[1] = (char *)"visitor";
        arguments[2] = (char *)storage;
        arguments[3] = number_text;
        arguments[4] = visits_text;
        arguments[5] = NULL;
        CHECK(posix_spawn(&children[i], program, NULL, NULL, arguments, environ) == 0);
    }
    for (i = 0; i < VISITORS; i++) CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
    klock = open_store();
    listed = klock_list_leases(klock, NULL);
    CHECK(count_text(listed, "\"id\":\"") == (unsigned)(VISITORS * visits));
    klock_free(listed);
    klock_close(klock);
}

static void eight_processes_make_a_new_file_together(void) {
    char name[64];
    int i;
    for (i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "sqlite:new-%d.db", i);
        storage = name;
        visit_all_at_once(1);
    }
}

static void eight_processes_come_and_go(void) {
    storage = "sqlite:visited.db";
    visit_all_at_once(VISITS);
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "visitor") == 0) return visitor_main(argv);
    program = argv[0];
    RUN(eight_processes_make_a_new_file_together);
    RUN(eight_processes_come_and_go);
    return CHECK_RESULT;
}
