"""acquire_all: every lease of a manifest in one step, or none; while it waits it holds nothing."""

import pytest

from klock import KlockError
from waits import LONG_MS, Call, until_waiting


def intents(*paths, predicate="MUTATES"):
    return [{"predicate": predicate, "resource_type": "FILE", "resource_path": path} for path in paths]


@pytest.fixture
def pair(client):
    client.register_agent("old", 1)
    client.register_agent("young", 9)
    return client


def test_all_are_granted_in_the_order_of_the_intents(pair):
    result = pair.acquire_all("old", "s", intents("/c", "/a", "/b"), 60_000, note="a move")
    assert set(result) == {"success", "leases"} and result["success"] is True
    assert [lease["resource"] for lease in result["leases"]] == ["FILE:/c", "FILE:/a", "FILE:/b"]
    for lease in result["leases"]:
        assert set(lease) == {"success", "lease_id", "agent_id", "resource", "predicate", "expires_at", "fencing_token"}
        assert (lease["success"], lease["agent_id"]) == (True, "old")
    listed = pair.list_leases()
    assert {lease["id"] for lease in listed} == {lease["lease_id"] for lease in result["leases"]}
    assert {lease["note"] for lease in listed} == {"a move"}
    assert len({lease["fencing_token"] for lease in listed}) == 3


def test_one_conflict_and_nothing_is_taken(pair):
    held = pair.acquire_lease("young", "s", "FILE", "/b", "MUTATES", 60_000)
    refused = pair.acquire_all("old", "s", intents("/a", "/b", "/c"), 60_000)
    assert set(refused) == {"success", "reason", "wait_time", "message", "conflicts"}
    assert (refused["success"], refused["reason"]) == (False, "WAIT")
    assert [conflict["resource"] for conflict in refused["conflicts"]] == ["FILE:/b"]
    assert [lease["id"] for lease in pair.list_leases()] == [held["lease_id"]]


def test_the_worst_verdict_counts(pair):
    pair.register_agent("middle", 5)
    for agent, path in (("young", "/a"), ("old", "/b")):
        pair.acquire_lease(agent, "s", "FILE", path, "MUTATES", 60_000)
    assert pair.acquire_all("middle", "s", intents("/a"), 60_000)["reason"] == "WAIT"
    assert pair.acquire_all("middle", "s", intents("/a", "/b"), 60_000)["reason"] == "DIE"


def test_it_waits_for_all_and_holds_none_meanwhile(pair):
    held = [pair.acquire_lease("young", "s", "FILE", path, "MUTATES", 60_000)["lease_id"] for path in ("/a", "/b")]
    call = Call(pair.acquire_all, "old", "s", intents("/a", "/b", "/c"), 60_000, wait_ms=LONG_MS)
    until_waiting(pair, "old")
    for lease_id in held:
        assert call.is_waiting and pair.list_leases(agent_id="old") == []
        pair.release_lease(lease_id)
    assert len(call.result()["leases"]) == len(pair.list_leases(agent_id="old")) == 3


def test_a_wait_that_is_over(pair):
    held = pair.acquire_lease("young", "s", "FILE", "/b", "MUTATES", 60_000)
    refused = pair.acquire_all("old", "s", intents("/a", "/b"), 60_000, wait_ms=100)
    assert refused["reason"] == "WAIT_TIMEOUT"
    pair.release_lease(held["lease_id"])
    assert pair.active_lease_count() == 0


def test_a_rename_takes_both_names(pair):
    manifest = [*intents("/old.py", predicate="RENAMES"), *intents("/new.py", predicate="PROVIDES")]
    assert pair.acquire_all("young", "s", manifest, 60_000)["success"]
    for path in ("/old.py", "/new.py"):
        assert pair.acquire_lease("old", "s", "FILE", path, "MUTATES", 60_000)["reason"] == "WAIT"


def test_manifests_that_cross_never_lock_each_other_up(client):
    def work(agent, paths):
        for _ in range(20):
            result = client.acquire_all(agent, agent, intents(*paths), 600_000, wait_ms=LONG_MS)
            for lease in result["leases"]:
                assert client.release_lease(lease["lease_id"])
        return True

    orders = [("/a", "/b", "/c"), ("/c", "/b", "/a"), ("/b", "/c", "/a")]
    calls = [Call(work, f"agent-{index}", order) for index, order in enumerate(orders)]
    assert [call.result() for call in calls] == [True] * 3
    assert client.active_lease_count() == 0


@pytest.mark.parametrize(
    "bad, field",
    [
        ({"intents": []}, "intents"),
        ({"intents": intents("/a") * 257}, "intents"),
        ({"intents": None}, "intents"),
        ({"intents": iter(intents("/a"))}, "intents"),
        ({"intents": intents("/a", predicate="WRITES")}, "predicate"),
        ({"intents": intents("/a/*.py")}, "resource_path"),
        ({"ttl": 0}, "ttl"),
        ({"wait_ms": -1}, "wait_ms"),
        ({"note": "x" * 1_025}, "note"),
        ({"request_id": "x" * 129}, "request_id"),
        ({"agent_id": "\ud800"}, "agent_id"),
        ({"session_id": ""}, "session_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_field_is_named_and_nothing_is_taken(pair, bad, field):
    with pytest.raises(KlockError) as caught:
        pair.acquire_all(**{"agent_id": "old", "session_id": "s", "intents": intents("/good", "/a"), "ttl": 60_000, **bad})
    assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message
    assert pair.active_lease_count() == 0
