"""Every answer, field by field, on both kinds of store."""

import re
import time

from klock import KlockClient, KlockError, KlockHttpClient

LEASE_ID = re.compile(r"[0-9a-f]{32}")


# A memory store counts from the wall clock at its start in monotonic time: the two drift apart, and a test machine may be slow.
DRIFT_MS = 10_000


def is_now(time_ms):
    return abs(time_ms - time.time_ns() // 1_000_000) <= DRIFT_MS


def acquire(client, path="/src/auth.ts", agent="a", predicate="MUTATES", ttl=60_000, **more):
    return client.acquire_lease(agent, "s", "FILE", path, predicate, ttl, **more)


def test_a_grant(client):
    lease = acquire(client, "/src//./auth.ts", predicate="mutates")
    assert is_now(lease["expires_at"] - 60_000)

    assert set(lease) == {"success", "lease_id", "agent_id", "resource", "predicate", "expires_at", "fencing_token"}
    assert lease["success"] is True
    assert LEASE_ID.fullmatch(lease["lease_id"])
    assert (lease["agent_id"], lease["resource"], lease["predicate"]) == ("a", "FILE:/src/auth.ts", "MUTATES")
    assert 0 < lease["fencing_token"] < 2**53
    assert acquire(client, "/other")["fencing_token"] > lease["fencing_token"]


def test_a_listed_lease(client):
    lease = acquire(client, note="moving the login")
    listed = client.list_leases()

    assert len(listed) == 1
    found = listed[0]
    acquired_at = found.pop("acquired_at")
    assert is_now(acquired_at)
    assert found == {
        "id": lease["lease_id"],
        "agent_id": "a",
        "session_id": "s",
        "resource": "FILE:/src/auth.ts",
        "predicate": "MUTATES",
        "state": "Active",
        "ttl": 60_000,
        "expires_at": acquired_at + 60_000,
        "last_heartbeat": acquired_at,
        "fencing_token": lease["fencing_token"],
        "note": "moving the login",
    }


def test_a_lease_without_a_note(client):
    acquire(client)
    assert client.list_leases()[0]["note"] is None
    refused = acquire(client, agent="b")
    assert refused["conflicts"][0]["note"] is None


def test_filters(client):
    ids = {
        (agent, session): client.acquire_lease(agent, session, "FILE", f"/{agent}/{session}", "MUTATES", 60_000)["lease_id"]
        for agent in "ab"
        for session in "st"
    }

    def found(**wanted):
        return {lease["id"] for lease in client.list_leases(**wanted)}

    assert found() == set(ids.values())
    assert found(agent_id="a") == {ids["a", "s"], ids["a", "t"]}
    assert found(session_id="t") == {ids["a", "t"], ids["b", "t"]}
    assert found(agent_id="b", session_id="s") == {ids["b", "s"]}
    assert found(resource="FILE:/a/**") == {ids["a", "s"], ids["a", "t"]}
    assert found(resource="FILE:/a/t") == {ids["a", "t"]}
    assert found(resource="FILE:/nowhere") == set()
    assert [lease["id"] for lease in client.list_leases("b", "t", "FILE:/b/t")] == [ids["b", "t"]]


def test_agents(client):
    client.register_agent("z", 5)
    client.register_agent("a", 2**64 - 1)
    client.register_agent("z", 5)
    agents = client.list_agents()
    assert sorted(agents, key=lambda agent: agent["agent_id"]) == [
        {"agent_id": "a", "priority": 2**64 - 1},
        {"agent_id": "z", "priority": 5},
    ]


def test_an_unknown_agent_is_registered_by_its_first_request(client):
    acquire(client, agent="new")
    (agent,) = client.list_agents()
    assert agent["agent_id"] == "new" and is_now(agent["priority"])


def test_heartbeat_moves_the_end(client):
    lease = acquire(client)
    time.sleep(0.02)
    assert client.heartbeat_lease(lease["lease_id"]) is True
    (renewed,) = client.list_leases()
    assert renewed["expires_at"] == renewed["last_heartbeat"] + 60_000
    assert renewed["last_heartbeat"] > renewed["acquired_at"]
    assert renewed["expires_at"] > lease["expires_at"]


def test_release_and_revoke(client):
    held, taken = acquire(client, "/a")["lease_id"], acquire(client, "/b")["lease_id"]
    assert client.release_lease(held) is True
    assert client.revoke_lease(taken) is True
    assert client.list_leases() == []
    for ended in (held, taken, "0" * 32):
        assert client.heartbeat_lease(ended) is False
        assert client.release_lease(ended) is False
        assert client.revoke_lease(ended) is False


def test_the_same_request_id_gets_the_same_lease(client):
    first = acquire(client, request_id="r1")
    assert acquire(client, request_id="r1")["lease_id"] == first["lease_id"]
    assert acquire(client, request_id="r2")["lease_id"] != first["lease_id"]
    assert client.active_lease_count() == 2


def test_declared_intents(client):
    manifest = {
        "agent_id": "b",
        "session_id": "t",
        "intents": [{"predicate": "RENAMES", "resource_type": "FILE", "resource_path": "/a"}],
    }
    fields = {"success", "agent_id", "session_id", "status", "reason", "held_by", "conflicts", "retry_after_ms"}
    free = client.declare_intent(manifest)
    assert set(free) == fields
    assert (free["success"], free["status"], free["agent_id"], free["session_id"]) == (True, "Granted", "b", "t")
    assert free["conflicts"] == []

    client.register_agent("a", 1)
    acquire(client, "/a")
    taken = client.declare_intent(manifest)
    assert set(taken) == fields
    assert (taken["success"], taken["status"], taken["held_by"]) == (False, "Die", "a")
    assert taken["reason"] and len(taken["conflicts"]) == 1 and taken["retry_after_ms"] > 0
    assert client.active_lease_count() == 1 and [agent["agent_id"] for agent in client.list_agents()] == ["a"]


def test_an_expired_lease_is_over_before_anything_sweeps_it(client):
    lease = acquire(client, ttl=30)
    acquire(client, "/stays")
    time.sleep(0.06)
    assert client.active_lease_count() == 1
    assert client.heartbeat_lease(lease["lease_id"]) is False
    assert client.release_lease(lease["lease_id"]) is False
    assert acquire(client, agent="other")["success"]


def test_evict_counts_what_it_sweeps(client):
    acquire(client, "/stays")
    # Long enough for a slow machine to take all three before the first one ends: a later acquire would sweep it.
    for index in range(3):
        acquire(client, f"/short/{index}", ttl=1_000)
    time.sleep(1.05)
    swept = client.evict_expired()
    # A server sweeps by itself too, four times a second.
    assert swept == 3 or (swept < 3 and isinstance(client, KlockHttpClient))
    assert client.active_lease_count() == 1
    assert client.evict_expired() == 0


def test_a_thousand_grants_at_once_are_a_thousand_leases(client):
    granted = [acquire(client, "/one", predicate="CONSUMES") for _ in range(1_000)]
    tokens = [lease["fencing_token"] for lease in granted]
    assert len({lease["lease_id"] for lease in granted}) == 1_000
    assert tokens == sorted(set(tokens))
    assert client.active_lease_count() == 1_000
    assert {lease["id"] for lease in client.list_leases()} == {lease["lease_id"] for lease in granted}


def test_many_grants_do_fall_into_one_millisecond():
    """What the test above is about: without it, a machine too slow for it would let ids made of the time pass."""
    with KlockClient() as client:
        for _ in range(1_000):
            acquire(client, "/one", predicate="CONSUMES")
        assert len({lease["acquired_at"] for lease in client.list_leases()}) < 1_000


def test_ids_of_two_stores_differ():
    with KlockClient() as one, KlockClient() as other:
        ids = {acquire(client)["lease_id"] for client in (one, other)}
    assert len(ids) == 2


def test_another_priority_is_refused_while_the_agent_holds_something(client):
    client.register_agent("a", 1)
    lease = acquire(client)
    client.register_agent("a", 1)
    try:
        client.register_agent("a", 2)
    except KlockError as error:
        assert error.code == "AGENT_BUSY"
    else:
        raise AssertionError("a holder's priority was changed")
    client.release_lease(lease["lease_id"])
    client.register_agent("a", 2)
    assert client.list_agents() == [{"agent_id": "a", "priority": 2}]
