"""A wait outlives the restart of the server, within its own time, and says so once."""

import asyncio
import os
import signal
import threading
import time

import pytest

import servers
from klock import AsyncKlock, Klock, KlockError, KlockHttpClient
from waits import WITHIN_S, Call, until_waiting


@pytest.fixture
def place(tmp_path):
    """A port, and a store that outlives a server there."""
    return ["--port", str(servers.free_port()), "--storage", f"sqlite:{tmp_path / 'k.db'}"]


def url_of(place):
    return f"http://127.0.0.1:{place[1]}"


def acquire(client, agent, path="/f", **more):
    return client.acquire_lease(agent, "s", "FILE", path, "MUTATES", 600_000, **more)


@pytest.fixture
def clients(place):
    """One that waits and one that looks: a client each, as processes have."""
    with KlockHttpClient(url_of(place), auto_start=False) as one, KlockHttpClient(url_of(place), auto_start=False) as other:
        yield one, other


def started_waits(waiting, looking):
    """A wait of each kind, all of them in the queue."""
    looking.register_agent("old", 1)
    looking.register_agent("holder", 5)
    held = acquire(looking, "holder")
    changed = looking.acquire_lease("old", "c", "FILE", "/g", "CONSUMES", 600_000)
    blocking = looking.acquire_lease("holder", "s", "FILE", "/g", "CONSUMES", 600_000)
    third = acquire(looking, "holder", "/h")
    intents = [{"predicate": "CONSUMES", "resource_type": "FILE", "resource_path": "/h"}]
    calls = [
        Call(acquire, waiting, "old", wait_ms=60_000),
        Call(acquire, waiting, "old", wait_ms=60_000, request_id="named"),
        Call(waiting.acquire_all, "old", "s2", intents, 600_000, wait_ms=60_000),
        Call(waiting.change_lease, changed["lease_id"], "MUTATES", wait_ms=60_000),
    ]
    until_queued(looking, len(calls))
    return [held, blocking, third], calls


def until_queued(client, count):
    end = time.monotonic() + WITHIN_S
    while len(client.list_waiters()) < count:
        assert time.monotonic() < end, client.list_waiters()
        time.sleep(0.01)


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_waits_of_every_kind_go_on_when_the_server_is_back(place, clients, how, capfd):
    waiting, looking = clients
    with servers.process(*place) as server:
        held, calls = started_waits(waiting, looking)
        server.send_signal(signal.SIGTERM if how == "stopped" else signal.SIGKILL)
        server.wait(30)
    time.sleep(0.3)
    assert all(call.is_waiting for call in calls)
    with servers.running(*place):
        until_queued(looking, len(calls))
        for lease in held:
            assert looking.release_lease(lease["lease_id"])
        assert all(call.result()["success"] for call in calls)
        assert looking.active_lease_count() == len(calls)
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("klock: ")]
    assert len(told) == 1 and "wait there continue" in told[0] and url_of(place) in told[0], told


def test_a_guard_and_a_task_wait_on_too(place, clients):
    async def wait():
        async with AsyncKlock(KlockHttpClient(url_of(place), auto_start=False)) as store:
            async with store.agent("old", "task").file("/f", max_retries=60):
                return True

    _, looking = clients
    with servers.process(*place) as server:
        looking.register_agent("old", 1)
        held = acquire(looking, "holder")
        calls = [Call(asyncio.run, wait()), Call(Klock(KlockHttpClient(url_of(place), auto_start=False), "old").file, "/f", max_retries=60)]
        until_queued(looking, 2)
        server.terminate()
        server.wait(30)
    with servers.running(*place):
        assert looking.release_lease(held["lease_id"])
        # The guard was second; until it releases, its session is in the way of the task's, or the other way round.
        assert calls[1].result().release()
        assert calls[0].result() is True


def test_it_gives_up_when_its_own_time_is_over(place, clients):
    waiting, looking = clients
    with servers.process(*place) as server:
        acquire(looking, "holder")
        call = Call(acquire, waiting, "old", wait_ms=1_500)
        until_queued(looking, 1)
        began = time.monotonic()
        server.kill()
        server.wait(30)
        with pytest.raises(KlockError) as caught:
            call.result()
    assert caught.value.code == "STORAGE_UNAVAILABLE" and 0.5 < time.monotonic() - began < 5


def test_a_session_that_is_ended_ends_its_wait(server):
    with KlockHttpClient(server) as client, KlockHttpClient(server) as operator:
        client.register_agent("old", 1)
        acquire(operator, "holder")
        call = Call(acquire, client, "old", wait_ms=60_000)
        until_waiting(operator, "old")
        operator.end_session("old", "s")
        with pytest.raises(KlockError) as caught:
            call.result()
        assert caught.value.code == "CLOSED" and operator.list_waiters() == []


def test_a_closed_client_waits_for_no_server(place, clients):
    waiting, looking = clients
    with servers.process(*place) as server:
        acquire(looking, "holder")
        call = Call(acquire, waiting, "old", wait_ms=60_000)
        until_queued(looking, 1)
        server.kill()
        server.wait(30)
    time.sleep(0.2)
    waiting.close()
    with pytest.raises(KlockError) as caught:
        call.result()
    assert caught.value.code == "CLOSED"


def test_a_task_that_is_cancelled_while_the_server_is_away_ends_at_once(place):
    async def run():
        async with AsyncKlock(KlockHttpClient(url_of(place), auto_start=False)) as store:
            task = asyncio.ensure_future(store.acquire_lease("a", "s", "FILE", "/f", "MUTATES", 60_000, wait_ms=60_000))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return time.monotonic() - began

    assert asyncio.run(run()) < 5


def test_what_does_not_wait_does_not_wait_for_the_server_either(place):
    began = time.monotonic()
    with KlockHttpClient(url_of(place), auto_start=False) as client, pytest.raises(KlockError):
        acquire(client, "a")
    assert time.monotonic() - began < 2


def test_somebody_elses_server_gets_its_time_to_come_back(place, monkeypatch):
    monkeypatch.delenv("KLOCK_DISABLE_AUTOSTART", raising=False)
    monkeypatch.setenv("KLOCK_SERVER_COMMAND", servers.program())
    with KlockHttpClient(url_of(place)) as client, KlockHttpClient(url_of(place), auto_start=False) as looking:
        with servers.process(*place) as server:
            held = acquire(looking, "holder")
            client.list_leases()
            call = Call(acquire, client, "old", wait_ms=60_000)
            until_queued(looking, 1)
            server.kill()
            server.wait(30)
        time.sleep(1)
        with servers.running(*place):
            assert looking.release_lease(held["lease_id"]), "another store took its place"
            assert call.result()["success"] and client.last_started_pid() is None


def test_renewals_outlive_a_restart(place, clients):
    waiting, looking = clients
    with servers.running(*place):
        guard = Klock(waiting, "a").file("/f", ttl_ms=9_000)
    time.sleep(3.5)  # the first renewal has failed by now
    with servers.running(*place):
        end = time.monotonic() + WITHIN_S
        while looking.list_leases()[0]["expires_at"] <= guard.lease["expires_at"]:
            assert time.monotonic() < end, "nobody renews it any more"
            time.sleep(0.05)
        assert not guard.lost and guard.release()


def test_a_lock_that_is_held_at_a_fork_is_free_in_the_child(server):
    client = KlockHttpClient(server)
    client.list_leases()
    with client._starting, client._servers.each[0]._lock:
        child = os.fork()
        if child == 0:
            ended = threading.Timer(20, os._exit, (3,))
            ended.daemon = True
            ended.start()
            try:
                is_empty = client.list_leases() == []
                with client._starting:
                    os._exit(0 if is_empty else 1)
            finally:
                os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
