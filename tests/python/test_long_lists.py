"""Lists of more entries than one answer has: they are whole all the same."""

import asyncio

import pytest

from klock import AsyncKlock, KlockError, KlockHttpClient

ALL = 100_001


def fill(client):
    """Takes more leases than an answer lists."""
    for first in range(0, ALL, 256):
        names = map(str, range(first, min(first + 256, ALL)))
        intents = [{"predicate": "MUTATES", "resource_type": "CUSTOM", "resource_path": name} for name in names]
        client.acquire_all("a", "s", intents, 60_000_000)


@pytest.fixture
def full(memory):
    fill(memory)
    return memory


def paths(leases):
    return [int(lease["resource"].split(":")[1]) for lease in leases]


def test_a_list_that_is_too_long_for_an_answer_is_whole(full):
    assert paths(full.list_leases(agent_id="a")) == list(range(ALL))
    assert full.active_lease_count() == ALL
    assert paths(full.list_leases(resource="CUSTOM:7")) == [7]
    full.release_lease(full.list_leases(resource="CUSTOM:7")[0]["id"])
    assert full.active_lease_count() == ALL - 1


def test_so_is_one_of_agents_whose_pages_go_on_behind_a_text(memory):
    """Idle agents are forgotten beyond 100,000, so each of these holds something."""
    for number in range(ALL):
        memory.acquire_lease(f"agent {number}", "s", "CUSTOM", str(number), "MUTATES", 60_000_000)
    names = {agent["agent_id"] for agent in memory.list_agents()}
    assert names == {f"agent {number}" for number in range(ALL)}
    with pytest.raises(KlockError, match="there are more than 100000 to list"):
        memory.snapshot()
    with pytest.raises(KlockError, match="there are more than 100000 to list"):
        memory.snapshot(agents="none")
    assert memory.snapshot(resource="CUSTOM:7", agents="none")["agents"] == []


def test_for_asyncio_too(full):
    async def ask():
        return await AsyncKlock(full).list_leases()

    assert paths(asyncio.run(ask())) == list(range(ALL))


def test_over_http_too(server):
    with KlockHttpClient(server) as client:
        fill(client)
        assert paths(client.list_leases()) == list(range(ALL))


def test_what_is_wrong_with_a_filter_is_told_as_it_is(client):
    with pytest.raises(KlockError) as caught:
        client.list_leases(resource="no type")
    assert caught.value.code == "INVALID_REQUEST" and "resource has no type" in str(caught.value)
