"""Two servers on one store, which is what a cluster is to a client: it uses one that answers."""

import asyncio
import contextlib
import http.server
import os
import signal
import threading
import time

import pytest

import servers
from klock import AsyncKlock, Klock, KlockError, KlockHttpClient, KlockTimeoutError
from waits import WITHIN_S, Call


def acquire(client, agent, path="/f", **more):
    return client.acquire_lease(agent, "s", "FILE", path, "MUTATES", 600_000, **more)


class Two:
    """Two servers, and what is done to them."""

    def __init__(self, storage):
        self.arguments = [["--port", str(servers.free_port()), "--storage", storage] for _ in range(2)]
        self.urls = [f"http://127.0.0.1:{arguments[1]}" for arguments in self.arguments]
        self.list = ",".join(self.urls)
        self.processes = []

    def kill(self, index):
        self.processes[index].kill()
        self.processes[index].wait(30)

    def signal(self, index, number):
        os.kill(self.processes[index].pid, number)


@pytest.fixture
def two(tmp_path):
    both = Two(f"sqlite:{tmp_path / 'k.db'}")
    with servers.process(*both.arguments[0]) as first, servers.process(*both.arguments[1]) as second:
        both.processes = [first, second]
        yield both
        for process in both.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)


@pytest.fixture
def client(two):
    with KlockHttpClient(two.list, timeout_ms=1_500) as client:
        yield client


def until_queued(client, count):
    end = time.monotonic() + WITHIN_S
    while len(client.list_waiters()) < count:
        assert time.monotonic() < end, client.list_waiters()
        time.sleep(0.01)


def test_a_killed_server_is_passed_over_and_one_that_is_back_is_used_again(two, client):
    held = acquire(client, "a")
    two.kill(0)
    assert client.heartbeat_lease(held["lease_id"])
    assert [lease["id"] for lease in client.list_leases()] == [held["lease_id"]]
    assert acquire(client, "b")["success"] is False
    with servers.running(*two.arguments[0]):
        two.kill(1)
        assert client.release_lease(held["lease_id"]) is True
        assert client.release_lease(held["lease_id"]) is False


def test_none_is_started_and_all_are_named_when_none_answers(two, client):
    assert not client.auto_start_enabled()
    two.kill(0)
    two.kill(1)
    with pytest.raises(KlockError) as caught:
        acquire(client, "a")
    assert caught.value.code == "STORAGE_UNAVAILABLE"
    assert "None of the 2 servers answers." in str(caught.value)
    assert all(url in str(caught.value) for url in two.urls)
    assert repr(client) == f"KlockHttpClient({two.list!r})"


@pytest.mark.parametrize("how", ["killed", "paused"])
def test_a_wait_goes_on_at_the_other_and_is_granted_once(two, client, how):
    held = acquire(client, "a")
    waiting = Call(acquire, client, "b", wait_ms=60_000)
    with KlockHttpClient(two.urls[1]) as looking:
        until_queued(looking, 1)
        if how == "killed":
            two.kill(0)
        else:
            two.signal(0, signal.SIGSTOP)
        assert looking.release_lease(held["lease_id"])
        granted = waiting.result()
        assert granted["success"] is True
        if how == "paused":
            two.signal(0, signal.SIGCONT)
            with KlockHttpClient(two.urls[0]) as back:
                back.list_leases()
        assert [lease["id"] for lease in looking.list_leases()] == [granted["lease_id"]]


def test_a_change_that_waits_goes_on_at_the_other(two, client):
    client.register_agent("old", 1)
    changed = client.acquire_lease("old", "s", "FILE", "/g", "CONSUMES", 600_000)
    blocking = client.acquire_lease("b", "s", "FILE", "/g", "CONSUMES", 600_000)
    waiting = Call(client.change_lease, changed["lease_id"], "MUTATES", wait_ms=60_000)
    with KlockHttpClient(two.urls[1]) as looking:
        until_queued(looking, 1)
        two.kill(0)
        assert looking.release_lease(blocking["lease_id"])
        assert waiting.result()["success"] is True


def test_a_request_to_a_paused_server_is_done_once_by_the_other(two, client):
    two.signal(0, signal.SIGSTOP)
    lease = acquire(client, "a")
    two.signal(0, signal.SIGCONT)
    with KlockHttpClient(two.urls[0]) as first:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            assert [each["id"] for each in first.list_leases()] == [lease["lease_id"]]


def test_all_paused_is_a_time_out(two, client):
    two.signal(0, signal.SIGSTOP)
    two.signal(1, signal.SIGSTOP)
    with pytest.raises(KlockTimeoutError, match="None of the 2 servers answers"):
        client.list_leases()


class Failing(http.server.BaseHTTPRequestHandler):
    """Has another server carry out a release, and answers that it failed."""

    protocol_version = "HTTP/1.1"
    real, status, body, is_carried_out = "", 503, b"", True

    def do_DELETE(self):
        if self.is_carried_out:
            with KlockHttpClient(self.real) as client:
                assert client.release_lease(self.path.rpartition("/")[2]) is True
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def failing(real, **how):
    handler = type("Handler", (Failing,), {"real": real, **how})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


MAY_BE_DONE = b'{"success":false,"code":"STORAGE_UNAVAILABLE","error":"It may or may not have happened."}'


@pytest.mark.parametrize(("status", "body"), [(502, MAY_BE_DONE), (503, MAY_BE_DONE), (504, MAY_BE_DONE)])
def test_a_release_that_was_carried_out_and_answered_as_failed_is_settled_by_the_other(two, status, body):
    with KlockHttpClient(two.urls[1]) as looking, failing(two.urls[1], status=status, body=body) as first:
        lease = acquire(looking, "a")["lease_id"]
        with KlockHttpClient(f"{first},{two.urls[1]}") as client:
            assert client.release_lease(lease) is True
        assert looking.release_lease(lease) is False


def test_a_lease_that_had_expired_is_not_said_to_be_released(two):
    with KlockHttpClient(two.urls[1]) as looking, failing(two.urls[1], body=MAY_BE_DONE, is_carried_out=False) as first:
        lease = looking.acquire_lease("a", "s", "FILE", "/f", "MUTATES", 1)["lease_id"]
        time.sleep(0.02)
        with KlockHttpClient(f"{first},{two.urls[1]}") as client:
            assert client.release_lease(lease) is False


def test_what_was_held_at_a_server_that_is_silent_is_released_at_the_other(two):
    with Klock.local(base_url=two.list, agent_id="a") as klock:
        with klock.file("a.py", ttl_ms=600_000):
            two.signal(0, signal.SIGSTOP)
    with KlockHttpClient(two.urls[1]) as looking:
        assert looking.list_leases() == []


def test_what_is_held_is_renewed_through_the_second(two):
    with Klock.local(base_url=two.list, agent_id="a") as klock:
        with klock.file("a.py", ttl_ms=2_000):
            two.signal(0, signal.SIGSTOP)
            time.sleep(5)
            assert len(klock.list_leases()) == 1
        assert klock.list_leases() == []


def test_asyncio_moves_on_too(two):
    async def main():
        with KlockHttpClient(two.list, timeout_ms=1_500) as client:
            klock = AsyncKlock(client)
            held = acquire(client, "a")
            waiting = asyncio.ensure_future(
                klock.acquire_lease("b", "s", "FILE", "/f", "MUTATES", 60_000, wait_ms=60_000)
            )
            while not client.list_waiters():
                await asyncio.sleep(0.01)
            two.kill(0)
            client.release_lease(held["lease_id"])
            assert (await waiting)["success"] is True

    asyncio.run(main())


@pytest.mark.parametrize("bad", ["localhost:3100", "", "ftp://x", "http://u:p@x"])
def test_a_wrong_url_is_named_by_its_place(bad):
    with pytest.raises(KlockError, match="server 2 of 3,") as caught:
        KlockHttpClient(f"http://127.0.0.1:1,{bad},http://127.0.0.1:2")
    assert caught.value.code == "INVALID_REQUEST" and "u:p" not in str(caught.value)
