"""Giving up a wait releases what it got, unless another caller may have it too: what a request with an id got stays."""

import asyncio
import signal
import subprocess
import sys
import threading
import time

import pytest

from klock import AsyncKlock, KlockHttpClient
from test_guard import until
from waits import LONG_MS, WITHIN_S, Call, until_waiting


def ask(client, wait_ms=LONG_MS, **more):
    return client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 600_000, wait_ms=wait_ms, **more)


@pytest.fixture
def held(client):
    client.register_agent("old", 1)
    return client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)["lease_id"]


def cancel_just_when_it_is_granted(client, held, **more):
    """A task that waits is cancelled after its answer was sent and before it was seen. Returns whether it was cancelled."""

    async def run():
        store = AsyncKlock(client)
        task = asyncio.ensure_future(store.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 600_000, wait_ms=LONG_MS, **more))
        await asyncio.get_running_loop().run_in_executor(None, until_waiting, client, "old")
        client.release_lease(held)
        end = time.monotonic() + WITHIN_S
        while client.active_lease_count() == 0 and time.monotonic() < end:
            pass  # the loop stands still meanwhile, so the task has not seen its answer
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_what_a_call_of_its_own_got_is_let_go(client, held):
    cancel_just_when_it_is_granted(client, held)
    until(lambda: client.active_lease_count() == 0)


def test_what_a_named_request_got_stays(client, held):
    cancel_just_when_it_is_granted(client, held, request_id="mine")
    time.sleep(0.3)
    (lease,) = client.list_leases()
    assert lease["agent_id"] == "old"
    assert ask(client, request_id="mine")["lease_id"] == lease["id"], "it is whoever's who asks by that name"


def test_a_retry_keeps_what_both_waited_for(client, held):
    """The one gives up while both wait, or when both are answered: the other was granted the lease, and has it."""

    async def run():
        store = AsyncKlock(client)
        tasks = [
            asyncio.ensure_future(store.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 600_000, wait_ms=LONG_MS, request_id="r"))
            for _ in range(2)
        ]
        await asyncio.get_running_loop().run_in_executor(None, lambda: until_waiting(client, "old", times=2))
        client.release_lease(held)
        first = await tasks[0]
        tasks[1].cancel()
        await asyncio.wait([tasks[1]])
        return first

    lease = asyncio.run(run())
    assert client.heartbeat_lease(lease["lease_id"])


CTRL_C = """
import os, signal, sys, threading
from klock import KlockClient, KlockHttpClient
place, wait_ms, name = sys.argv[1:]
client = KlockHttpClient(place) if place.startswith("http") else KlockClient(place, bind_to_process=False)
print("asks", flush=True)
try:
    client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 600_000, wait_ms=int(wait_ms), request_id=name or None)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("name", ["", "mine"])
def test_ctrl_c_takes_the_request_off_the_queue_whatever_its_name(server, sqlite_storage, name):
    from klock import KlockClient

    for place in (server, sqlite_storage):
        client = KlockHttpClient(place) if place.startswith("http") else KlockClient(place)
        client.register_agent("old", 1)
        held = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)["lease_id"]
        command = [sys.executable, "-c", CTRL_C, place, str(LONG_MS), name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            deadline = threading.Timer(WITHIN_S, process.kill)
            deadline.start()
            until_waiting(client, "old")
            process.send_signal(signal.SIGINT)
            assert process.stdout.read() == "asks\ninterrupted\n"
            deadline.cancel()
        until(lambda: client.list_waiters() == [])
        client.release_lease(held)
        assert client.list_leases() == []
        client.close()


def test_waits_of_the_same_session_go_on(client, held):
    call = Call(ask, client)
    until_waiting(client, "old")

    async def run():
        task = asyncio.ensure_future(AsyncKlock(client).acquire_lease("old", "s", "FILE", "/a/**", "MUTATES", 600_000, wait_ms=LONG_MS))
        await asyncio.get_running_loop().run_in_executor(None, lambda: until_waiting(client, "old", times=2))
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(run())
    assert call.is_waiting
    client.release_lease(held)
    assert call.result()["success"] and client.active_lease_count() == 1
