"""wait_ms: the call comes back when the lease is free, in order, and whatever ends the wait leaves nothing behind."""

import subprocess
import sys
import time

import pytest

from klock import KlockClient, KlockError
from waits import LONG_MS, WITHIN_S, Call, until_waiting, wait_for

PRIORITIES = {"eldest": 10, "elder": 20, "senior": 30, "holder": 50, "junior": 90}


@pytest.fixture
def crowd(client):
    """A store that knows agents of all ages."""
    for agent, priority in PRIORITIES.items():
        client.register_agent(agent, priority)
    return client


def acquire(client, agent, predicate="MUTATES", path="/a", ttl=600_000, **more):
    return client.acquire_lease(agent, "s", "FILE", path, predicate, ttl, **more)


def in_the_way(refused):
    return [(conflict["agent_id"], conflict["state"]) for conflict in refused["conflicts"]]


def test_who_waits_is_granted_on_release_in_order_of_arrival(crowd):
    lease = acquire(crowd, "holder")
    calls = [wait_for(crowd, agent) for agent in ("senior", "elder", "eldest")]
    tokens = [lease["fencing_token"]]
    while calls:
        assert crowd.release_lease(lease["lease_id"])
        lease = calls.pop(0).result()
        assert all(call.is_waiting for call in calls)
        tokens.append(lease["fencing_token"])
    assert tokens == sorted(set(tokens))
    assert lease["agent_id"] == "eldest"


def test_a_grant_after_a_wait_is_a_grant_like_any_other(crowd):
    held = acquire(crowd, "holder")
    call = wait_for(crowd, "elder")
    crowd.release_lease(held["lease_id"])
    lease = call.result()
    assert set(lease) == set(held) and lease["success"] is True
    (listed,) = crowd.list_leases()
    assert (listed["id"], listed["expires_at"]) == (lease["lease_id"], lease["expires_at"])
    assert listed["expires_at"] == listed["acquired_at"] + 600_000, "the ttl starts at the grant"


def test_readers_that_wait_go_together_and_before_a_writer_that_came_later(crowd):
    held = acquire(crowd, "holder")
    readers = [wait_for(crowd, agent, "CONSUMES") for agent in ("senior", "elder")]
    writer = wait_for(crowd, "eldest")
    crowd.release_lease(held["lease_id"])
    for lease in [reader.result() for reader in readers]:
        assert writer.is_waiting
        crowd.release_lease(lease["lease_id"])
    assert writer.result()["agent_id"] == "eldest"


def test_a_wait_that_is_over_names_who_holds_and_who_waits(crowd):
    held = acquire(crowd, "holder", note="new login")
    waiting = wait_for(crowd, "elder")
    began_at = time.monotonic()
    refused = acquire(crowd, "eldest", wait_ms=200)
    assert time.monotonic() - began_at > 0.15, "it did not wait"
    assert set(refused) == {"success", "reason", "wait_time", "message", "conflicts"}
    assert (refused["success"], refused["reason"]) == (False, "WAIT_TIMEOUT")
    assert in_the_way(refused) == [("elder", "waiting"), ("holder", "held")]
    assert refused["conflicts"][1]["note"] == "new login"
    assert held["lease_id"] not in repr(refused)

    # Off the queue: what is released goes to the one that waits, and when that one lets go nobody is left.
    crowd.release_lease(held["lease_id"])
    crowd.release_lease(waiting.result()["lease_id"])
    assert crowd.active_lease_count() == 0


def test_who_comes_later_is_judged_against_the_queue_too(crowd):
    acquire(crowd, "holder", "CONSUMES")
    waiting = wait_for(crowd, "elder")
    refused = acquire(crowd, "junior", "CONSUMES")
    assert (refused["reason"], in_the_way(refused)) == ("DIE", [("elder", "waiting")])
    assert "waited for by elder" in refused["message"]
    refused = acquire(crowd, "eldest", "CONSUMES")
    assert (refused["reason"], in_the_way(refused)) == ("WAIT", [("elder", "waiting")])
    assert waiting.is_waiting


def test_a_junior_that_holds_nothing_is_parked_blocks_nobody_and_is_granted_when_free(crowd):
    held = acquire(crowd, "holder")
    parked = wait_for(crowd, "junior", kind="PARKED")
    refused = acquire(crowd, "elder")
    assert (refused["reason"], in_the_way(refused)) == ("WAIT", [("holder", "held")])
    crowd.release_lease(held["lease_id"])
    assert parked.result()["agent_id"] == "junior"


def test_a_parked_one_joins_the_queue_once_it_is_older_than_all_in_the_way(crowd):
    first, last = (acquire(crowd, agent, "CONSUMES")["lease_id"] for agent in ("elder", "junior"))
    call = wait_for(crowd, "holder", kind="PARKED")
    crowd.release_lease(first)
    until_waiting(crowd, "holder", "PROMOTED")
    crowd.release_lease(last)
    assert call.result()["success"]


def test_a_junior_that_holds_something_is_told_to_die_at_once(crowd):
    acquire(crowd, "holder")
    acquire(crowd, "junior", path="/other")
    assert Call(acquire, crowd, "junior", wait_ms=LONG_MS).result()["reason"] == "DIE"


def test_a_parked_one_dies_as_soon_as_its_session_takes_something_else(crowd):
    acquire(crowd, "holder")
    parked = wait_for(crowd, "junior", kind="PARKED")
    assert acquire(crowd, "junior", path="/other")["success"]
    assert parked.result()["reason"] == "DIE"


@pytest.mark.parametrize("agent, kind", [("elder", "QUEUED"), ("junior", "PARKED")])
def test_closing_the_client_ends_its_waits(crowd, storage, agent, kind):
    acquire(crowd, "holder")
    call = wait_for(crowd, agent, kind=kind)
    crowd.close()
    with pytest.raises(KlockError) as caught:
        call.result()
    assert caught.value.code == "CLOSED"
    if storage != "memory":
        with KlockClient(storage) as other:
            refused = acquire(other, "eldest")
            assert in_the_way(refused) == [("holder", "held")], "the wait is still there"


@pytest.mark.parametrize("agent, kind", [("elder", "QUEUED"), ("junior", "PARKED")])
def test_ending_the_session_ends_its_waits(crowd, agent, kind):
    held = acquire(crowd, "holder")
    call = wait_for(crowd, agent, kind=kind)
    assert crowd.end_session(agent, "s") == 0
    with pytest.raises(KlockError) as caught:
        call.result()
    assert caught.value.code == "CLOSED"
    crowd.release_lease(held["lease_id"])
    assert crowd.active_lease_count() == 0


def test_a_lease_that_runs_out_wakes_the_next_one(crowd):
    acquire(crowd, "holder", ttl=3_000)
    assert wait_for(crowd, "elder").result()["success"]


def test_a_revoked_lease_wakes_the_next_one(crowd):
    held = acquire(crowd, "holder")
    call = wait_for(crowd, "elder")
    assert crowd.revoke_lease(held["lease_id"])
    assert call.result()["success"]


def test_an_agent_that_waits_keeps_its_priority(crowd):
    acquire(crowd, "holder")
    call = wait_for(crowd, "elder")
    crowd.register_agent("elder", PRIORITIES["elder"])
    with pytest.raises(KlockError) as caught:
        crowd.register_agent("elder", 1)
    assert caught.value.code == "AGENT_BUSY" and call.is_waiting


WAIT_AT_THE_END = """
import sys, threading
from klock import KlockClient
client = KlockClient(sys.argv[1])
for agent, priority in (("old", 1), ("young", 2)):
    client.register_agent(agent, priority)
ask = lambda agent, wait_ms: client.acquire_lease(agent, "s", "FILE", "/a", "MUTATES", 600_000, wait_ms=wait_ms)
ask("young", 0)
threading.Thread(target=ask, args=("old", 3_600_000), daemon=True).start()
while client.events(limit=1_000)[-1]["kind"] not in ("QUEUED", "KEPT_ALIVE"):
    pass
"""


def test_a_program_that_ends_while_it_waits_ends_quietly(storage):
    command = [sys.executable, "-I", "-c", WAIT_AT_THE_END, storage]
    result = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
