"""WAIT and DIE: who gets which, and that a refused agent does not get the lease id, which could free the lease."""

import pytest

from klock import KlockError


@pytest.fixture
def held(client):
    """A store in which the agent of priority 50 is about to change one file."""
    client.register_agent("elder", 10)
    client.register_agent("holder", 50)
    client.register_agent("junior", 90)
    lease = client.acquire_lease("holder", "s", "FILE", "/src/auth.ts", "MUTATES", 60_000, note="new login")
    return client, lease


@pytest.mark.parametrize("agent, reason", [("elder", "WAIT"), ("junior", "DIE")])
def test_a_refusal(held, agent, reason):
    client, lease = held
    refused = client.acquire_lease(agent, "t", "FILE", "/src/auth.ts", "CONSUMES", 60_000)

    assert set(refused) == {"success", "reason", "wait_time", "message", "conflicts"}
    assert refused["success"] is False
    assert refused["reason"] == reason
    assert refused["wait_time"] == 1_000
    assert isinstance(refused["message"], str) and refused["message"]
    assert refused["conflicts"] == [
        {
            "agent_id": "holder",
            "session_id": "s",
            "resource": "FILE:/src/auth.ts",
            "predicate": "MUTATES",
            "state": "held",
            "expires_at": lease["expires_at"],
            "note": "new login",
        }
    ]
    assert lease["lease_id"] not in repr(refused)
    assert client.active_lease_count() == 1


def test_a_declaration_names_the_holder_and_not_the_lease(held):
    client, lease = held
    intents = [{"predicate": "CONSUMES", "resource_type": "FILE", "resource_path": "/src/auth.ts"}]
    for agent, status in (("elder", "Wait"), ("junior", "Die")):
        verdict = client.declare_intent({"agent_id": agent, "session_id": "t", "intents": intents})
        assert (verdict["success"], verdict["status"], verdict["held_by"]) == (False, status, "holder")
        assert lease["lease_id"] not in repr(verdict)


def test_the_wait_is_no_longer_than_the_first_lease_that_ends(client):
    client.register_agent("old", 1)
    client.acquire_lease("young", "s", "FILE", "/a", "MUTATES", 900)
    refused = client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 60_000)
    assert refused["reason"] == "WAIT" and 0 <= refused["wait_time"] <= 900


def test_older_than_one_holder_and_younger_than_another_dies(client):
    for agent, priority in (("first", 1), ("middle", 5), ("last", 9)):
        client.register_agent(agent, priority)
    for holder in ("last", "first"):
        assert client.acquire_lease(holder, "s", "FILE", "/a", "CONSUMES", 60_000)["success"]
    refused = client.acquire_lease("middle", "s", "FILE", "/a", "MUTATES", 60_000)
    assert refused["reason"] == "DIE"
    assert [conflict["agent_id"] for conflict in refused["conflicts"]] == ["first", "last"]


def test_at_most_sixteen_conflicts_are_listed_the_oldest_first(client):
    for index in range(20):
        client.register_agent(f"reader-{index:02}", 100 - index)
        assert client.acquire_lease(f"reader-{index:02}", "s", "FILE", "/a", "CONSUMES", 60_000)["success"]
    refused = client.acquire_lease("writer", "s", "FILE", "/a", "MUTATES", 60_000)
    assert [conflict["agent_id"] for conflict in refused["conflicts"]] == [f"reader-{index:02}" for index in range(19, 3, -1)]


def test_a_session_does_not_stand_in_its_own_way_but_another_one_does(held):
    client, _ = held
    assert client.acquire_lease("holder", "s", "FILE", "/src/auth.ts", "DELETES", 60_000)["success"]
    assert not client.acquire_lease("holder", "other", "FILE", "/src/auth.ts", "DELETES", 60_000)["success"]


def test_what_lies_inside_meets_what_contains_it(held):
    client, _ = held
    assert not client.acquire_lease("elder", "t", "FILE", "/src/**", "CONSUMES", 60_000)["success"]
    assert not client.acquire_lease("elder", "t", "SYMBOL", "/src/auth.ts#login", "MUTATES", 60_000)["success"]
    assert client.acquire_lease("elder", "t", "FILE", "/src/other.ts", "MUTATES", 60_000)["success"]


def test_a_refusal_is_no_error_and_an_error_no_refusal(held):
    client, _ = held
    with pytest.raises(KlockError) as caught:
        client.acquire_lease("junior", "t", "FILE", "/src/auth.ts", "WRITES", 60_000)
    assert caught.value.code == "INVALID_REQUEST"
