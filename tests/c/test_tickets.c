/* Waits without a thread each: submit, collect, cancel. */
#define _XOPEN_SOURCE 700
#include "waiter.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICKETS = 50 };

/* The ticket of a request that waits, 0 when it does not. */
static uint64_t submit(klock_t *klock, const char *agent, const char *path, unsigned wait_ms) {
    char json[512], *answer;
    uint64_t ticket;
    snprintf(json, sizeof json,
             "{\"request\":\"acquire\",\"agent_id\":\"%s\",\"session_id\":\"s-%s\",\"resource_type\":\"FILE\","
             "\"resource_path\":\"%s\",\"predicate\":\"MUTATES\",\"ttl\":60000,\"wait_ms\":%u}",
             agent, agent, path, wait_ms);
    answer = klock_submit(klock, json);
    ticket = has(answer, "{\"success\":true,\"data\":{\"ticket\":") ? number(answer, "ticket") : 0;
    klock_free(answer);
    return ticket;
}

static char *cancel(klock_t *klock, uint64_t ticket) {
    char json[64];
    snprintf(json, sizeof json, "{\"ticket\":%llu}", (unsigned long long)ticket);
    return klock_cancel(klock, json);
}

static void one_thread_gets_all_answers(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE], agent[32], path[32];
    unsigned i, granted = 0;
    CHECK(take(klock, "holder", "all/**", "MUTATES", id));
    for (i = 0; i < TICKETS; i++) {
        snprintf(agent, sizeof agent, "ticket-%u", i);
        snprintf(path, sizeof path, "all/%u", i);
        CHECK(submit(klock, agent, path, 3600000) > 0);
    }
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    while (granted < TICKETS) {
        char *answer = klock_collect(klock, "{\"timeout_ms\":20000}");
        unsigned here = count_text(answer, "\"answer\":{\"success\":true,\"data\":{\"lease_id\":\"");
        klock_free(answer);
        if (!CHECK(here > 0)) break;
        granted += here;
    }
    CHECK(answered(klock_collect(klock, NULL), "{\"success\":true,\"data\":{\"answers\":[],\"open\":0}}"));
    klock_close(klock);
}

static void a_cancelled_ticket_leaves_nothing(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    uint64_t early, late;
    CHECK(take(klock, "c-holder", "cancel.c", "MUTATES", id));
    early = submit(klock, "c-early", "cancel.c", 3600000);
    CHECK(answered(cancel(klock, early), "\"cancelled\":true}"));
    CHECK(failed_with(cancel(klock, early), "INVALID_REQUEST"));
    late = submit(klock, "c-late", "cancel.c", 3600000);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(answered(cancel(klock, late), "\"cancelled\":true}"));
    CHECK(answered(klock_list_leases(klock, "{\"resource\":\"FILE:cancel.c\"}"), "\"data\":[]"));
    klock_close(klock);
}

static void a_time_out_is_collected_when_it_is_due(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    CHECK(take(klock, "t-holder", "due.c", "MUTATES", id));
    CHECK(submit(klock, "t-waits", "due.c", 50) > 0);
    CHECK(answered(klock_collect(klock, NULL), "\"answer\":{\"success\":false,\"reason\":\"WAIT_TIMEOUT\""));
    klock_close(klock);
}

static void a_forked_child_has_no_tickets_and_the_parents_go_on(void) {
    klock_t *klock = open_store();
    char id[LEASE_ID_SIZE];
    waiter_t collector;
    int status = -1;
    pid_t child;
    CHECK(take(klock, "f-holder", "forked.c", "MUTATES", id));
    CHECK(submit(klock, "f-waits", "forked.c", 3600000) > 0);
    waiter_call(&collector, klock_collect, klock, "{}");
    fflush(stdout);
    child = fork();
    if (child == 0) {
        alarm(20);
        _exit(failed_with(klock_collect(klock, NULL), "CLOSED") && failed_with(cancel(klock, 1), "CLOSED") ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(succeeded(with_lease(klock_release, klock, id)));
    CHECK(answered(waiter_answer(&collector), "\"agent_id\":\"f-waits\""));
    klock_close(klock);
}

int main(int argc, char **argv) {
    use_storage(argc, argv);
    RUN(one_thread_gets_all_answers);
    RUN(a_cancelled_ticket_leaves_nothing);
    RUN(a_time_out_is_collected_when_it_is_due);
    if (MAY_FORK) RUN(a_forked_child_has_no_tickets_and_the_parents_go_on);
    return CHECK_RESULT;
}
