"""Leases that are held: renewed whatever else hangs or fails, counted from when they were asked for, and noticed when they are gone."""

import os
import socket
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import klock._keeper
import klock._threads
from klock import Klock, KlockClient, KlockError, KlockHttpClient, KlockLeaseLostError
from test_guard import SHORT_TTL_MS, until
from waits import Call, until_waiting


def test_a_revoked_lease_is_noticed_within_a_second(client):
    guards = [Klock(client, f"agent-{number}").file(f"/{number}", ttl_ms=600_000) for number in range(3)]
    several = Klock(client, "several").files("/x", "/y", ttl_ms=600_000)
    time.sleep(0.3)
    for guard in (guards[1], several):
        client.revoke_lease(guard.leases[-1]["lease_id"])
    revoked_at = time.monotonic()
    until(lambda: guards[1].lost and several.lost)
    assert time.monotonic() - revoked_at < 1.0
    time.sleep(1)
    assert [guard.lost for guard in guards] == [False, True, False]
    assert [guard.release() for guard in (*guards, several)] == [True, False, True, False]


def test_a_look_is_one_read_a_session_whatever_it_holds(client, monkeypatch):
    asked = []
    ask = type(client)._ask_within
    monkeypatch.setattr(type(client), "_ask_within", lambda self, *what: asked.append(what[1]) or ask(self, *what))
    agent = Klock(client, "agent")
    guards = [agent.file(f"/{number}", ttl_ms=600_000) for number in range(20)]
    del asked[:]
    time.sleep(2.5)
    assert asked and set(asked) == {"list_leases"} and len(asked) <= 5
    for guard in guards:
        guard.release()
    del asked[:]
    time.sleep(1.2)
    assert asked == [], "nothing is held, and it looks all the same"


def silent_server():
    """Takes connections and never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_server_that_hangs_holds_up_nobody_elses_renewals(server, storage):
    hangs, url = silent_server()
    hanging = KlockHttpClient(url, timeout_ms=60_000, auto_start=False)
    lease = {"lease_id": "0" * 32, "agent_id": "a", "resource": "FILE:/a", "success": True}
    stuck = klock._held.HeldLeases(hanging, [lease], "s", SHORT_TTL_MS, hanging._clock())
    with KlockClient(storage) as store, KlockHttpClient(server) as other:
        guards = [Klock(client, "a").file("/a", ttl_ms=SHORT_TTL_MS) for client in (store, other)]
        until(lambda: stuck.lost)
        time.sleep(4 * SHORT_TTL_MS / 1_000)
        assert [guard.lost for guard in guards] == [False, False]
        assert all(guard.release() for guard in guards)
    hanging.close()
    hangs.close()


def test_an_error_that_is_not_klocks_ends_no_renewals(client, monkeypatch):
    fails = threading.Event()

    def ask_about(self, verb, lease_id, patience_s=None):
        if verb == "heartbeat" and not fails.is_set():
            fails.set()
            raise ZeroDivisionError("something is wrong with Python itself")
        return original(self, verb, lease_id, patience_s)

    original = type(client)._ask_about
    monkeypatch.setattr(type(client), "_ask_about", ask_about)
    with Klock(client, "a").file("/a", ttl_ms=3_000) as guard:
        first = guard.lease["expires_at"]
        until(lambda: client.list_leases()[0]["expires_at"] > first + 1_500)
        assert fails.is_set() and not guard.lost


def test_it_counts_from_when_it_was_asked_for(client, monkeypatch):
    """An answer that took a quarter of the ttl leaves three quarters of it."""
    ask = type(client)._ask

    def slow(self, verb, request):
        answer = ask(self, verb, request)
        if verb == "acquire":
            time.sleep(1)
        return answer

    monkeypatch.setattr(type(client), "_ask", slow)
    monkeypatch.setattr(type(client), "_ask_about", lambda *_: time.sleep(60))
    asked_at = time.monotonic()
    guard = Klock(client, "a").file("/a", ttl_ms=4_000, max_retries=0)
    assert not guard.lost
    until(lambda: guard.lost)
    assert time.monotonic() - asked_at < 4.9, "it counted from the answer"


def test_one_that_waited_longer_than_its_ttl_is_renewed_before_its_block(client):
    client.register_agent("old", 1)
    held = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)
    call = Call(Klock(client, "old").file, "/a", ttl_ms=2_000, max_retries=60)
    until_waiting(client, "old")
    time.sleep(2.5)
    client.release_lease(held["lease_id"])
    guard = call.result()
    assert not guard.lost and guard.release()


def test_one_that_ended_before_it_was_taken_up_is_no_lease(client, monkeypatch):
    ask = type(client)._ask

    def revoked(self, verb, request):
        answer = ask(self, verb, request)
        if verb == "acquire" and answer["success"] and request["agent_id"] == "old":
            time.sleep(0.5)
            ask(self, "revoke", {"lease_id": answer["data"]["lease_id"]})
        return answer

    monkeypatch.setattr(type(client), "_ask", revoked)
    with pytest.raises(KlockLeaseLostError):
        Klock(client, "old").file("/a", ttl_ms=1_000, max_retries=1)
    assert client.active_lease_count() == 0


def test_a_server_is_counted_by_the_clock_that_goes_on_in_sleep(monkeypatch, server):
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: {time.CLOCK_BOOTTIME: now}[clock])
    with KlockHttpClient(server) as client, KlockClient() as store:
        assert client._clock() == now and abs(store._clock() - time.monotonic()) < 1
        guard = Klock(client, "a").file("/a", ttl_ms=600_000)
        assert not guard.lost
        now += 601  # as after ten minutes under a closed lid
        assert guard.lost


def test_a_guard_whose_renewals_cannot_start_lets_go(client, monkeypatch):
    def no_thread(*_):
        raise klock._threads.NoThreadError("can't start new thread")

    monkeypatch.setattr(klock._keeper, "start", no_thread)
    with pytest.raises(KlockError) as caught:
        Klock(client, "a").files("/a", "/b")
    assert caught.value.code == "INTERNAL" and "thread" in caught.value.message
    assert client.active_lease_count() == 0


def test_many_clients_leave_no_threads(storage):
    # One of an earlier test may still listen to its server that hangs.
    before = threading.enumerate()
    for number in range(20):
        with KlockClient(storage) as client, Klock(client, "a").file(f"/{number}"):
            pass
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "klock-renew" and thread not in before])


def test_a_child_that_leaves_its_parents_block_lets_nothing_go(server, sqlite_storage):
    for client in (KlockHttpClient(server), KlockClient(sqlite_storage)):
        with Klock(client, "a").file("/a", ttl_ms=5_000) as guard:
            child = os.fork()
            if child == 0:
                try:
                    guard.__exit__(None, None, None)
                    os._exit(0)
                finally:
                    os._exit(1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            guard.check()


def test_forked_workers_of_one_facade_exclude_each_other(server):
    facade = Klock.local("a", base_url=server)
    with facade, facade.file("/a", ttl_ms=5_000):
        child = os.fork()
        if child == 0:
            try:
                with facade:
                    facade.file("/a", max_retries=0)
                os._exit(1)
            except KlockError as error:
                os._exit(0 if error.code in ("WAIT", "DIE") else 2)
            finally:
                os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert facade.active_lease_count() == 1


AT_EXIT = """
import asyncio, atexit, sys
from klock import Klock, KlockClient, KlockHttpClient, klock_protected

store = sys.argv[1]
client = KlockHttpClient(store) if store.startswith("http") else KlockClient(store)
klock = Klock(client, "a", priority=1)
async def tool(path):
    return client.active_lease_count()

@atexit.register
def at_exit():
    with klock.file("/a") as guard:
        guard.check()
        print(client.active_lease_count(), guard.lost)
    print(asyncio.run(klock_protected(klock, None, None, "FILE", lambda call: call["path"])(tool)("/a")))
    try:
        Klock(client, "b").file("/held", max_retries=1)
    except TimeoutError:
        print(client.active_lease_count())

Klock(client, "other").file("/held")
"""


def test_a_guard_at_the_end_of_the_interpreter(server, storage):
    for place in (server, storage):
        ran = subprocess.run([sys.executable, "-c", AT_EXIT, place], capture_output=True, text=True, timeout=60, check=False)
        assert (ran.stdout, ran.stderr) == ("2 False\n2\n1\n", ""), place


NO_THREADS = textwrap.dedent(
    """
    import resource, sys, threading
    from klock import AsyncKlock, Klock, KlockClient, KlockError, KlockHttpClient

    store = sys.argv[1]
    client = KlockHttpClient(store) if store.startswith("http") else KlockClient(store)
    client.register_agent("old", 1)
    held = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)
    start = threading.Thread.start
    def cannot(self):
        raise RuntimeError("can't start new thread")
    threading.Thread.start = cannot

    def code(call):
        try:
            return call()
        except KlockError as error:
            return error.code

    wait = lambda: client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms=300)["reason"]
    print(code(wait), code(lambda: Klock(client, "b").file("/b")))
    import asyncio
    async def task(verb, *arguments, **more):
        return await getattr(AsyncKlock(client), verb)(*arguments, **more)
    print(code(lambda: asyncio.run(task("acquire_lease", "old", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms=300))))
    threading.Thread.start = start
    print(client.active_lease_count(), client.list_waiters())
    client.release_lease(held["lease_id"])
    print(code(wait), client.active_lease_count())
    """
).replace('["reason"]', '.get("reason")')


def test_where_no_thread_can_be_started_nothing_is_left_behind(server, storage):
    for place in (server, storage):
        ran = subprocess.run([sys.executable, "-c", NO_THREADS, place], capture_output=True, text=True, timeout=60, check=False)
        assert (ran.stdout, ran.stderr) == ("WAIT_TIMEOUT INTERNAL\nINTERNAL\n1 []\nNone 1\n", ""), place
