#include "load.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#define LONGEST_US 1000000u
#define WARM_UP_NS 1000000000u
#define HOLDERS 32u

static uint32_t times_us[LONGEST_US + 1];

static void ask(const struct protocol *protocol, struct peer *peer)
{
    char request[LONGEST_MESSAGE];
    size_t length = protocol->ask(peer, request);
    peer->asked++;
    peer->received = 0;
    peer->sent_at_ns = now_ns();
    send_all(peer->fd, request, length);
}

static int open_peers(struct peer *peers, unsigned port, unsigned connections)
{
    int poll = epoll_create1(0);
    for (unsigned i = 0; i < connections; i++) {
        peers[i].fd = connect_to(port);
        peers[i].number = i;
        fcntl(peers[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event readable = {.events = EPOLLIN, .data.ptr = &peers[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, peers[i].fd, &readable);
    }
    return poll;
}

static unsigned percentile(uint64_t count, unsigned percent)
{
    uint64_t seen = 0;
    for (unsigned us = 0; us <= LONGEST_US; us++) {
        seen += times_us[us];
        if (seen * 100 >= count * percent) {
            return us;
        }
    }
    return LONGEST_US;
}

/* Every connection asks again as soon as it is answered, until the time is up. */
static uint64_t run(const struct protocol *protocol, struct peer *peers, int poll, unsigned connections, uint64_t from, uint64_t until)
{
    uint64_t counted = 0;
    struct epoll_event events[256];
    for (unsigned i = 0; i < connections; i++) {
        ask(protocol, &peers[i]);
    }
    while (now_ns() < until) {
        int ready = epoll_wait(poll, events, 256, 100);
        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;
            if (!receive_some(peer) || !protocol->is_answered(peer)) {
                continue;
            }
            uint64_t now = now_ns();
            if (now >= from) {
                uint64_t us = (now - peer->sent_at_ns) / 1000;
                times_us[us < LONGEST_US ? us : LONGEST_US]++;
                counted++;
            }
            ask(protocol, peer);
        }
    }
    return counted;
}

void run_pairs(const struct protocol *protocol, unsigned port, unsigned connections, unsigned seconds)
{
    struct peer *peers = calloc(connections, sizeof *peers);
    int poll = open_peers(peers, port, connections);
    uint64_t from = now_ns() + WARM_UP_NS;
    uint64_t counted = run(protocol, peers, poll, connections, from, from + (uint64_t)seconds * 1000000000u);
    printf("%.0f %u %u\n", (double)counted / seconds, percentile(counted, 50), percentile(counted, 99));
}

void run_holds(unsigned port, unsigned leases)
{
    struct peer *peers = calloc(HOLDERS, sizeof *peers);
    for (unsigned i = 0; i < HOLDERS; i++) {
        peers[i].fd = connect_to(port);
        peers[i].number = i;
    }
    for (unsigned done = 0; done < leases; done += HOLDERS) {
        for (unsigned i = 0; i < HOLDERS; i++) {
            ask(&klock_holds, &peers[i]);
        }
        for (unsigned i = 0; i < HOLDERS; i++) {
            while (!klock_holds.is_answered(&peers[i])) {
                receive_some(&peers[i]);
            }
        }
    }
    printf("%u\n", leases);
}
