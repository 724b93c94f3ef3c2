#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char lease_field[] = "\"lease_id\":\"";

size_t http_answer(const struct peer *peer)
{
    const char *end = strstr(peer->answer, "\r\n\r\n");
    const char *length = strstr(peer->answer, "Content-Length: ");
    if (end == NULL || length == NULL || length > end) {
        return 0;
    }
    size_t whole = (size_t)(end + 4 - peer->answer) + strtoul(length + strlen("Content-Length: "), NULL, 10);
    return peer->received >= whole ? whole : 0;
}

size_t http_acquire(char *request, const char *agent, const char *path, unsigned number, unsigned wait_ms)
{
    char body[512];
    int length = snprintf(body, sizeof body,
        "{\"agent_id\":\"%s-%u\",\"session_id\":\"run\",\"resource_type\":\"FILE\",\"resource_path\":\"%s/%u\","
        "\"predicate\":\"MUTATES\",\"ttl\":3600000,\"wait_ms\":%u}", agent, number, path, number, wait_ms);
    return (size_t)snprintf(request, LONGEST_MESSAGE,
        "POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, body);
}

size_t http_release(char *request, const char *lease)
{
    return (size_t)snprintf(request, LONGEST_MESSAGE, "DELETE /leases/%s HTTP/1.1\r\nHost: localhost\r\n\r\n", lease);
}

void http_take_lease(struct peer *peer)
{
    const char *id = strstr(peer->answer, lease_field);
    if (strncmp(peer->answer, "HTTP/1.1 201", 12) != 0 || id == NULL) {
        fail(peer->answer);
    }
    memcpy(peer->lease, id + sizeof lease_field - 1, 32);
    peer->lease[32] = '\0';
}

static char pairs_of[32] = "pair-0", pairs_in[32] = "/pairs/0";

void set_pairs_of(const char *load)
{
    snprintf(pairs_of, sizeof pairs_of, "pair-%s", load);
    snprintf(pairs_in, sizeof pairs_in, "/pairs/%s", load);
}

static size_t ask_pair(struct peer *peer, char *request)
{
    return peer->asked % 2 == 0 ? http_acquire(request, pairs_of, pairs_in, peer->number, 0) : http_release(request, peer->lease);
}

static int is_pair_answered(struct peer *peer)
{
    if (http_answer(peer) == 0) {
        return 0;
    }
    if (peer->asked % 2 == 1) {
        http_take_lease(peer);
    } else if (strncmp(peer->answer, "HTTP/1.1 200", 12) != 0) {
        fail(peer->answer);
    }
    return 1;
}

static size_t ask_hold(struct peer *peer, char *request)
{
    return http_acquire(request, "hold", "/held", peer->asked * 1000u + peer->number, 0);
}

static int is_hold_answered(struct peer *peer)
{
    if (http_answer(peer) == 0) {
        return 0;
    }
    http_take_lease(peer);
    return 1;
}

const struct protocol klock_pairs = {ask_pair, is_pair_answered};
const struct protocol klock_holds = {ask_hold, is_hold_answered};
