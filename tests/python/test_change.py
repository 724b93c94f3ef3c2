"""change_lease: another predicate in place, down at once, up as a new request would get it."""

import time

import pytest

from klock import KlockError
from waits import LONG_MS, Call, until_waiting, wait_for


@pytest.fixture
def crowd(client):
    for agent, priority in (("old", 1), ("middle", 5), ("young", 9)):
        client.register_agent(agent, priority)
    return client


def acquire(client, agent, predicate, ttl=60_000, **more):
    return client.acquire_lease(agent, "s", "FILE", "/a", predicate, ttl, **more)


def change(client, lease, predicate, **more):
    return client.change_lease(lease["lease_id"], predicate, **more)


def change_waiting(client, agent, lease, predicate):
    call = Call(change, client, lease, predicate, wait_ms=LONG_MS)
    until_waiting(client, agent)
    return call


def code_of(call):
    with pytest.raises(KlockError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize("old, new", [("CONSUMES", "MUTATES"), ("MUTATES", "CONSUMES"), ("DELETES", "PROVIDES"), ("RENAMES", "RENAMES")])
def test_the_id_stays_the_token_rises_and_the_ttl_starts_anew(crowd, old, new):
    lease = acquire(crowd, "old", old, note="why")
    time.sleep(0.02)
    changed = change(crowd, lease, new.lower())
    assert set(changed) == set(lease)
    assert (changed["success"], changed["lease_id"], changed["predicate"]) == (True, lease["lease_id"], new)
    assert changed["fencing_token"] > lease["fencing_token"] and changed["expires_at"] > lease["expires_at"]
    (listed,) = crowd.list_leases()
    assert (listed["predicate"], listed["fencing_token"], listed["note"]) == (new, changed["fencing_token"], "why")
    assert listed["expires_at"] == changed["expires_at"]


def test_a_change_down_lets_the_readers_in(crowd):
    lease = acquire(crowd, "young", "MUTATES")
    readers = [wait_for(crowd, agent, "CONSUMES") for agent in ("middle", "old")]
    assert change(crowd, lease, "CONSUMES")["success"]
    assert all(reader.result()["success"] for reader in readers)
    assert {found["predicate"] for found in crowd.list_leases()} == {"CONSUMES"} and crowd.active_lease_count() == 3


@pytest.mark.parametrize("agent, other, reason", [("old", "young", "WAIT"), ("young", "old", "DIE")])
def test_a_change_up_that_is_refused_leaves_the_lease_as_it_was(crowd, agent, other, reason):
    lease = acquire(crowd, agent, "CONSUMES")
    acquire(crowd, other, "CONSUMES")
    before = crowd.list_leases(agent_id=agent)
    refused = change(crowd, lease, "MUTATES")
    assert (refused["success"], refused["reason"]) == (False, reason)
    assert [(conflict["agent_id"], conflict["state"]) for conflict in refused["conflicts"]] == [(other, "held")]
    assert crowd.list_leases(agent_id=agent) == before


def test_a_change_up_waits_until_the_other_readers_have_left(crowd):
    lease = acquire(crowd, "old", "CONSUMES")
    reader = acquire(crowd, "young", "CONSUMES")
    call = change_waiting(crowd, "old", lease, "MUTATES")
    assert crowd.list_leases(agent_id="old")[0]["predicate"] == "CONSUMES"
    # Two that both want to write what both read: the younger one has to release.
    assert change(crowd, reader, "MUTATES", wait_ms=LONG_MS)["reason"] == "DIE"
    crowd.release_lease(reader["lease_id"])
    changed = call.result()
    assert (changed["lease_id"], changed["predicate"]) == (lease["lease_id"], "MUTATES")


def test_a_change_that_timed_out_leaves_the_queue(crowd):
    lease = acquire(crowd, "old", "CONSUMES")
    reader = acquire(crowd, "young", "CONSUMES")
    assert change(crowd, lease, "MUTATES", wait_ms=100)["reason"] == "WAIT_TIMEOUT"
    assert acquire(crowd, "middle", "CONSUMES")["success"], "nobody waits any more"
    crowd.release_lease(reader["lease_id"])
    assert crowd.list_leases(agent_id="old")[0]["predicate"] == "CONSUMES"


def test_a_second_change_of_one_lease_does_not_wait_behind_the_first(crowd):
    lease = acquire(crowd, "old", "CONSUMES")
    acquire(crowd, "young", "CONSUMES")
    first = change_waiting(crowd, "old", lease, "MUTATES")
    assert code_of(lambda: change(crowd, lease, "DELETES", wait_ms=LONG_MS)) == "INVALID_REQUEST"
    assert first.is_waiting


def test_waiting_renews_nothing(crowd):
    lease = acquire(crowd, "old", "CONSUMES", ttl=3_000)
    acquire(crowd, "young", "CONSUMES")
    call = change_waiting(crowd, "old", lease, "MUTATES")
    assert code_of(call.result) == "EXPIRED"
    assert crowd.list_leases(agent_id="old") == []


@pytest.mark.parametrize("end", ["release_lease", "revoke_lease"])
def test_a_change_ends_with_its_lease(crowd, end):
    lease = acquire(crowd, "old", "CONSUMES")
    acquire(crowd, "young", "CONSUMES")
    call = change_waiting(crowd, "old", lease, "MUTATES")
    assert getattr(crowd, end)(lease["lease_id"])
    assert code_of(call.result) == "UNKNOWN_LEASE"


def test_a_lease_that_is_no_more(crowd):
    gone, over = acquire(crowd, "old", "CONSUMES"), acquire(crowd, "old", "CONSUMES", ttl=20)
    crowd.release_lease(gone["lease_id"])
    time.sleep(0.05)
    assert code_of(lambda: change(crowd, gone, "MUTATES")) == "UNKNOWN_LEASE"
    assert code_of(lambda: change(crowd, over, "MUTATES")) == "EXPIRED"
    assert code_of(lambda: crowd.change_lease("0" * 32, "MUTATES")) == "UNKNOWN_LEASE"


@pytest.mark.parametrize(
    "bad", [{"predicate": "WRITES"}, {"predicate": None}, {"wait_ms": 3_600_001}, {"wait_ms": 1.5}, {"lease_id": b"x"}], ids=repr
)
def test_a_bad_field_is_named(memory, bad):
    lease = acquire(memory, "a", "CONSUMES")
    with pytest.raises(KlockError) as caught:
        memory.change_lease(**{"lease_id": lease["lease_id"], "predicate": "MUTATES", **bad})
    assert caught.value.code == "INVALID_REQUEST" and next(iter(bad)) in caught.value.message
    assert memory.list_leases()[0]["predicate"] == "CONSUMES"
