"""AsyncKlock: the verbs as coroutines, any number of waits in one loop, and cancelled tasks that leave nothing."""

import asyncio
import threading
import time

import pytest

from klock import AsyncKlock, KlockClient, KlockError
from test_lifetime import ALL_METHODS
from waits import LONG_MS, history, until_waiting

TASKS = 1_000


@pytest.fixture
def run(storage):
    """Runs a test's coroutine function with an open AsyncKlock on each kind of store."""

    def run_with(test):
        async def opened():
            async with AsyncKlock(storage + ("?synchronous=normal" if storage != "memory" else "")) as klock:
                return await test(klock)

        return asyncio.run(opened())

    return run_with


def acquire(klock, agent, path="/a", **more):
    return klock.acquire_lease(agent, "s", "FILE", path, "MUTATES", 600_000, **more)


async def in_queue(klock, agent):
    await asyncio.get_running_loop().run_in_executor(None, until_waiting, klock.client, agent)


def test_every_verb_answers_as_the_client_does(run):
    async def test(klock):
        client = klock.client
        await klock.register_agent("a", 1)
        assert await klock.list_agents() == client.list_agents() == [{"agent_id": "a", "priority": 1}]
        lease = await acquire(klock, "a", note="why", request_id="r")
        assert set(lease) == set(client.acquire_lease("a", "s", "FILE", "/b", "MUTATES", 1_000)) and lease["success"]
        assert (await acquire(klock, "a", note="why", request_id="r"))["lease_id"] == lease["lease_id"]
        refused = await acquire(klock, "b")
        assert (refused["success"], refused["reason"], refused["conflicts"][0]["note"]) == (False, "DIE", "why")
        assert await klock.list_leases(resource="FILE:/a") == client.list_leases(resource="FILE:/a")
        assert (await klock.change_lease(lease["lease_id"], "CONSUMES"))["predicate"] == "CONSUMES"
        intents = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/a"}]
        manifest = {"agent_id": "b", "session_id": "s", "intents": intents}
        verdicts = [await klock.declare_intent(manifest), client.declare_intent(manifest)]
        # Its sentences tell how long ago, to the millisecond.
        assert [(each["status"], each["held_by"], set(each)) for each in verdicts] == [("Die", "a", set(verdicts[1]))] * 2
        assert (await klock.acquire_all("b", "s", intents, 1_000))["success"] is False
        assert await klock.heartbeat_lease(lease["lease_id"]) and await klock.renew_session("a", "s") == 2
        assert await klock.events(limit=2) == client.events(limit=2)
        assert await klock.revoke_lease(lease["lease_id"]) and not await klock.release_lease(lease["lease_id"])
        assert await klock.active_lease_count() == 1 and await klock.evict_expired() == 0
        assert await klock.end_session("a", "s") == 1

    run(test)


def test_it_has_every_verb_of_the_client():
    assert [name for name in ALL_METHODS if not hasattr(AsyncKlock, name)] == []


def test_a_thousand_tasks_wait_in_one_loop_that_goes_on(run):
    async def test(klock):
        async def edit(number):
            lease = await acquire(klock, f"task-{number}", f"/d/{number}", wait_ms=LONG_MS)
            return await klock.release_lease(lease["lease_id"])

        held = await acquire(klock, "holder", "/d/**")
        slowest, threads = 0.0, threading.active_count()
        tasks = [asyncio.ensure_future(edit(number)) for number in range(TASKS)]
        while len(klock.client._waits._waiting) < TASKS:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            slowest = max(slowest, time.monotonic() - began)
        assert not any(task.done() for task in tasks)
        assert threading.active_count() < threads + 20, "a thread for each wait"
        await klock.release_lease(held["lease_id"])
        assert await asyncio.gather(*tasks) == [True] * TASKS
        assert await klock.active_lease_count() == 0
        return slowest

    assert run(test) < 1.0, "the loop stood still"


def test_a_cancelled_task_leaves_no_waiter(run):
    async def test(klock):
        await klock.register_agent("old", 1)
        held = await acquire(klock, "holder")
        task = asyncio.ensure_future(acquire(klock, "old", wait_ms=LONG_MS))
        await in_queue(klock, "old")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await klock.release_lease(held["lease_id"])
        assert (await acquire(klock, "young"))["success"], "the cancelled one is still in the queue"

    run(test)


def test_tasks_cancelled_at_any_moment_leave_no_lease(run):
    async def test(klock):
        for round_number in range(60):
            held = await acquire(klock, "holder")
            tasks = [asyncio.ensure_future(acquire(klock, f"task-{n}", wait_ms=LONG_MS)) for n in range(4)]
            await asyncio.sleep(round_number % 5 / 1_000)
            await klock.release_lease(held["lease_id"])
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            for result in results:
                if isinstance(result, dict) and result["success"]:
                    await klock.release_lease(result["lease_id"])
            assert await klock.active_lease_count() == 0, f"round {round_number}"

    run(test)


def test_closing_ends_the_tasks_that_wait(run):
    async def test(klock):
        await klock.register_agent("old", 1)
        await acquire(klock, "holder")
        task = asyncio.ensure_future(acquire(klock, "old", wait_ms=LONG_MS))
        await in_queue(klock, "old")
        klock.close()
        for waits in (task, acquire(klock, "old"), acquire(klock, "old", wait_ms=1)):
            with pytest.raises(KlockError) as caught:
                await waits
            assert caught.value.code == "CLOSED"

    run(test)


def test_what_is_wrong_is_an_error_that_names_the_field(run):
    async def test(klock):
        for more in ({"wait_ms": -1}, {"wait_ms": "1"}, {"wait_ms": b"1"}, {"note": "\ud800"}):
            with pytest.raises(KlockError) as caught:
                await acquire(klock, "a", **more)
            assert caught.value.code == "INVALID_REQUEST" and next(iter(more)) in caught.value.message

    run(test)


def test_agents_of_one_store_guard_files(run):
    async def test(klock):
        async def edit(name):
            async with klock.agent(name).file("/a", max_retries=60):
                inside.append(name)
                assert await klock.active_lease_count() == 1

        await asyncio.gather(*(edit(f"agent-{number}") for number in range(10)))
        assert len(inside) == 10 and await klock.active_lease_count() == 0

    inside = []
    run(test)


def test_it_asks_through_a_client_that_is_there(storage):
    async def test(client):
        klock = AsyncKlock(client)
        lease = await acquire(klock, "a")
        assert [each["id"] for each in client.list_leases()] == [lease["lease_id"]]

    with KlockClient(storage) as client:
        asyncio.run(test(client))
        assert "GRANTED" in [event["kind"] for event in history(client)]
