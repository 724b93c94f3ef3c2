"""request_id: a call that is repeated because its answer was lost gets what the first one got."""

import time

import pytest

from waits import LONG_MS, Call, until_waiting

INTENTS = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": path} for path in ("/a", "/b")]


@pytest.fixture
def held(client):
    """A lease of a middle-aged agent: the old may queue for it, the young are parked."""
    for agent, priority in (("old", 1), ("holder", 5), ("young", 9)):
        client.register_agent(agent, priority)
    lease = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)
    return client, lease["lease_id"]


def ask(client, agent, **more):
    return client.acquire_lease(agent, "s", "FILE", "/a", "MUTATES", 600_000, request_id="r1", **more)


def same(lease):
    """What a repeat answers as it was; it renews the lease, so the end is another."""
    return {name: value for name, value in lease.items() if name != "expires_at"}


@pytest.mark.parametrize("agent, kind", [("old", "QUEUED"), ("young", "PARKED")])
def test_repeated_while_the_first_still_waits_both_get_the_same_lease(held, agent, kind):
    client, lease_id = held
    calls = []
    for times in (1, 2):
        calls.append(Call(ask, client, agent, wait_ms=LONG_MS))
        until_waiting(client, agent, kind, times)
    client.release_lease(lease_id)
    first, second = (call.result() for call in calls)
    assert same(first) == same(second) and first["success"]
    assert [lease["id"] for lease in client.list_leases()] == [first["lease_id"]]


def test_repeated_after_the_wait(held):
    client, lease_id = held
    call = Call(ask, client, "old", wait_ms=LONG_MS)
    until_waiting(client, "old")
    client.release_lease(lease_id)
    asked = ask(client, "old")
    assert same(asked) == same(call.result())
    assert client.active_lease_count() == 1


def test_a_manifest_repeated(client):
    first = client.acquire_all("a", "s", INTENTS, 60_000, request_id="r1")
    again = client.acquire_all("a", "s", INTENTS, 60_000, request_id="r1")
    assert [same(lease) for lease in again["leases"]] == [same(lease) for lease in first["leases"]]
    assert client.active_lease_count() == 2
    other = client.acquire_all("a", "s", INTENTS, 60_000, request_id="r2")
    assert {lease["lease_id"] for lease in other["leases"]}.isdisjoint(lease["lease_id"] for lease in first["leases"])


def test_a_repeat_renews_what_it_answers(client):
    first = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, request_id="r1")
    time.sleep(0.05)
    assert client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, request_id="r1")["expires_at"] > first["expires_at"]


def test_what_was_refused_is_judged_again(held):
    client, lease_id = held
    assert ask(client, "old")["reason"] == "WAIT"
    client.release_lease(lease_id)
    assert ask(client, "old")["success"]


def test_another_session_may_use_the_same_one(client):
    leases = [client.acquire_lease("a", session, "FILE", "/a", "CONSUMES", 60_000, request_id="r1") for session in "st"]
    assert leases[0]["lease_id"] != leases[1]["lease_id"]
