"""events: everything that happened, numbered without gaps, for any process to read, and no lease id in it."""

import subprocess
import sys

import pytest

from klock import KlockClient, KlockError
from waits import LONG_MS, Call, history, until_kept_alive, until_waiting, wait_for

KINDS = {
    *("REGISTERED", "GRANTED", "REFUSED", "RENEWED", "CHANGED", "RELEASED", "EXPIRED", "REVOKED"),
    *("QUEUED", "PARKED", "PROMOTED", "WAIT_ENDED"),
}
# Events that only a shared store has: that it was made, and that a process that waits is alive.
SHARED_KINDS = {"CREATED", "KEPT_ALIVE"}
MEMORY_KEEPS = 8_192
AGENTS_REMEMBERED = 100_000


def acquire(client, agent, predicate="MUTATES", path="/a", ttl=600_000, **more):
    return client.acquire_lease(agent, "s", "FILE", path, predicate, ttl, **more)


def live_through_everything(client, storage):
    """Makes one event of every kind, and returns the ids of all leases."""
    for agent, priority in (("old", 1), ("middle", 5), ("young", 9)):
        client.register_agent(agent, priority)
    first, last = acquire(client, "old", "CONSUMES", note="to learn"), acquire(client, "young", "CONSUMES")
    call = wait_for(client, "middle", kind="PARKED")
    if storage != "memory":
        until_kept_alive(client)
    client.release_lease(first["lease_id"])
    until_waiting(client, "middle", "PROMOTED")
    client.revoke_lease(last["lease_id"])
    taken = call.result()
    call = wait_for(client, "old", "DEPENDS_ON")
    client.change_lease(taken["lease_id"], "CONSUMES")
    woken = call.result()
    assert acquire(client, "young")["reason"] == "DIE"
    client.heartbeat_lease(woken["lease_id"])
    client.end_session("middle", "s")
    brief = acquire(client, "old", path="/brief", ttl=1)
    assert Call(acquire, client, "young", path="/brief", wait_ms=LONG_MS).result()["success"]
    return [lease["lease_id"] for lease in (first, last, taken, woken, brief)] + [lease["id"] for lease in client.list_leases()]


def test_every_kind_is_told_without_gaps_and_without_ids(client, storage):
    ids = live_through_everything(client, storage)
    events = history(client)
    assert {event["kind"] for event in events} == (KINDS if storage == "memory" else KINDS | SHARED_KINDS)
    first = events[0]["seq"]
    assert [event["seq"] for event in events] == list(range(first, first + len(events)))
    assert all(first["at"] <= then["at"] for first, then in zip(events, events[1:]))
    assert not [lease_id for lease_id in ids if lease_id in repr(events)]


def test_what_an_event_tells(client):
    client.register_agent("a", 7)
    lease = acquire(client, "a", note="why")
    client.register_agent("b", 8)
    acquire(client, "b")
    client.release_lease(lease["lease_id"])
    registered, granted, _, refused, released = [event for event in history(client) if event["kind"] != "CREATED"]
    assert (registered["kind"], registered["agent_id"], registered["priority"]) == ("REGISTERED", "a", 7)
    what = {"agent_id": "a", "session_id": "s", "resource": "FILE:/a", "predicate": "MUTATES"}
    token = lease["fencing_token"]
    ends = {"fencing_token": token, "expires_at": lease["expires_at"], "note": "why"}
    assert granted == {"seq": token, "kind": "GRANTED", "at": lease["expires_at"] - 600_000, **what, **ends}
    assert refused == {"seq": token + 2, "kind": "REFUSED", "at": refused["at"], **what, "agent_id": "b", "reason": "DIE"}
    assert released == {"seq": token + 3, "kind": "RELEASED", "at": released["at"], **what, "fencing_token": token}


def test_reading_on_from_what_was_read(client):
    for index in range(20):
        acquire(client, f"agent-{index}", "CONSUMES")
    everything = history(client)
    pages, after = [], everything[0]["seq"] - 1
    while True:
        page = client.events(after=after, limit=7)
        if not page:
            break
        assert len(page) <= 7
        pages += page
        after = page[-1]["seq"]
    assert pages == everything
    assert client.events(after=after) == []


def test_another_process_reads_them_too(sqlite_storage):
    client = KlockClient(sqlite_storage)
    live_through_everything(client, sqlite_storage)
    source = "import sys; from klock import KlockClient; print(repr(KlockClient(sys.argv[1]).events(limit=1_000)))"
    command = [sys.executable, "-I", "-c", source, sqlite_storage]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert told == f"{history(client)!r}\n"


def test_what_is_gone_is_told_as_a_gap(client):
    wanted = [{"predicate": "CONSUMES", "resource_type": "FILE", "resource_path": f"/{index}"} for index in range(256)]
    acquire(client, "a")
    first = history(client)[0]["seq"]
    for _ in range(30):
        assert client.acquire_all("a", "s", wanted, 60_000)["success"]
        assert client.end_session("a", "s") >= 256
    gap, oldest = client.events(after=first, limit=1)
    assert set(gap) == {"seq", "kind", "first_missing"}
    assert (gap["kind"], gap["first_missing"]) == ("GAP", first + 1)
    assert oldest["seq"] == gap["seq"] + 1
    assert client.events(limit=1) == [oldest], "who asks from the start asks for what there is"


def test_a_forgotten_agent_is_told(memory):
    for index in range(AGENTS_REMEMBERED + 1):
        memory.register_agent(f"agent-{index}", index)
    newest = memory.list_agents() and memory.events()[0]["seq"] + MEMORY_KEEPS - 1
    kinds = [event["kind"] for event in memory.events(after=newest - 2)]
    assert sorted(kinds) == ["FORGOTTEN", "REGISTERED"]
    assert len(memory.list_agents()) == AGENTS_REMEMBERED


@pytest.mark.parametrize("field, value", [(field, value) for field in ("after", "limit") for value in (-1, 2**63, 1.5, "1", True)])
def test_a_bad_field_is_named(memory, field, value):
    with pytest.raises(KlockError) as caught:
        memory.events(**{field: value})
    assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message


@pytest.mark.parametrize("limit", [0, 1_001])
def test_a_limit_out_of_range(memory, limit):
    with pytest.raises(KlockError) as caught:
        memory.events(limit=limit)
    assert caught.value.code == "INVALID_REQUEST" and "limit" in caught.value.message
