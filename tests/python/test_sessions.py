"""renew_session and end_session: all leases of one run of an agent at once, and nobody else's."""

import time

import pytest

from klock import KlockError
from waits import LONG_MS, Call, until_waiting


def take(client, path, agent="a", session="s", ttl=60_000):
    return client.acquire_lease(agent, session, "FILE", path, "MUTATES", ttl)["lease_id"]


def test_renewing_moves_the_end_of_every_lease_of_the_session_by_its_own_ttl(client):
    mine = {take(client, "/a"), take(client, "/b", ttl=30_000)}
    others = {take(client, "/c", session="t"), take(client, "/d", agent="b")}
    before = {lease["id"]: lease for lease in client.list_leases()}
    time.sleep(0.02)
    assert client.renew_session("a", "s") == 2
    after = {lease["id"]: lease for lease in client.list_leases()}
    for lease_id in mine:
        assert after[lease_id]["last_heartbeat"] > before[lease_id]["last_heartbeat"]
        assert after[lease_id]["expires_at"] == after[lease_id]["last_heartbeat"] + after[lease_id]["ttl"]
    assert {lease_id: after[lease_id] for lease_id in others} == {lease_id: before[lease_id] for lease_id in others}


def test_a_renewed_session_outlives_its_ttl(client):
    lease_id = take(client, "/a", ttl=2_000)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert client.renew_session("a", "s") == 1
        time.sleep(0.2)
    assert client.heartbeat_lease(lease_id)


def test_ending_releases_every_lease_of_the_session(client):
    mine = [take(client, "/a"), take(client, "/b")]
    other = take(client, "/c", session="t")
    assert client.end_session("a", "s") == 2
    assert [lease["id"] for lease in client.list_leases()] == [other]
    assert [client.release_lease(lease_id) for lease_id in mine] == [False, False]
    assert client.end_session("a", "s") == 0
    assert take(client, "/a"), "an ended session may start over"


def test_a_session_that_has_nothing(client):
    assert client.renew_session("nobody", "s") == 0
    assert client.end_session("nobody", "s") == 0
    assert client.list_agents() == []


def test_what_ran_out_is_neither_renewed_nor_released(client):
    take(client, "/a", ttl=30)
    kept = take(client, "/b")
    time.sleep(0.06)
    assert client.renew_session("a", "s") == 1
    assert client.end_session("a", "s") == 1
    assert not client.heartbeat_lease(kept)


def test_the_end_of_a_session_wakes_who_waited_for_it(client):
    client.register_agent("a", 9)
    client.register_agent("old", 1)
    take(client, "/a"), take(client, "/b")
    wanted = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": path} for path in ("/a", "/b")]
    call = Call(client.acquire_all, "old", "s", wanted, 60_000, wait_ms=LONG_MS)
    until_waiting(client, "old")
    assert client.renew_session("old", "s") == 0 and call.is_waiting
    assert client.end_session("a", "s") == 2
    assert call.result()["success"]


@pytest.mark.parametrize("method", ["renew_session", "end_session"])
@pytest.mark.parametrize("field", ["agent_id", "session_id"])
@pytest.mark.parametrize("value", [None, "", "x" * 257, b"a", 5, "\ud800"], ids=["none", "empty", "long", "bytes", "int", "surrogate"])
def test_a_bad_name(memory, method, field, value):
    with pytest.raises(KlockError) as caught:
        getattr(memory, method)(**{"agent_id": "a", "session_id": "s", field: value})
    assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message
