#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 3000000u

static void ask_and_wait(struct peer *control, const char *request, size_t length)
{
    control->received = 0;
    control->answer[0] = '\0';
    send_all(control->fd, request, length);
    do {
        receive_some(control);
    } while (http_answer(control) == 0);
}

static unsigned count_waiters(struct peer *control)
{
    static const char request[] = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    ask_and_wait(control, request, sizeof request - 1);
    const char *waiters = strstr(control->answer, "\"waiters\":");
    return waiters == NULL ? 0 : (unsigned)strtoul(waiters + strlen("\"waiters\":"), NULL, 10);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Each resource has a holder and one who waits for it, on a connection of its own. */
static void start(struct peer *control, struct peer *waiters, unsigned port, unsigned waits)
{
    char request[LONGEST_MESSAGE];
    for (unsigned i = 0; i < waits; i++) {
        ask_and_wait(control, request, http_acquire(request, "holder", "/waits", i, 0));
        http_take_lease(control);
        memcpy(waiters[i].lease, control->lease, sizeof waiters[i].lease);
        waiters[i].fd = connect_to(port);
        send_all(waiters[i].fd, request, http_acquire(request, "waiter", "/waits", i, WAIT_MS));
    }
    while (count_waiters(control) < waits) {
        usleep(20000);
    }
}

void run_waits(unsigned port, unsigned waits)
{
    struct peer control = {.fd = connect_to(port)};
    struct peer *waiters = calloc(waits, sizeof *waiters);
    uint64_t *times = calloc(waits, sizeof *times);
    start(&control, waiters, port, waits);

    /* Whoever reads this line measures the server's memory now. */
    printf("waiting\n");
    fflush(stdout);
    getchar();
    for (unsigned i = 0; i < waits; i++) {
        char request[LONGEST_MESSAGE];
        size_t length = http_release(request, waiters[i].lease);
        uint64_t released_at = now_ns();
        control.received = 0;
        control.answer[0] = '\0';
        send_all(control.fd, request, length);
        while (http_answer(&waiters[i]) == 0) {
            receive_some(&waiters[i]);
        }
        times[i] = now_ns() - released_at;
        http_take_lease(&waiters[i]);
        while (http_answer(&control) == 0) {
            receive_some(&control);
        }
    }
    qsort(times, waits, sizeof *times, compare);
    printf("%.3f %.3f %.3f\n", (double)times[waits / 2] / 1e6, (double)times[waits * 99 / 100] / 1e6, (double)times[waits - 1] / 1e6);
}
