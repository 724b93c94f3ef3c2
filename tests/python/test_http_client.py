"""KlockHttpClient: what is special about going through a server. What it shares with KlockClient is tested with that."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

import klock
import servers
from klock import KlockError, KlockHttpClient


def acquire(client, agent="a", path="/f", **more):
    return client.acquire_lease(agent, "s", "FILE", path, "MUTATES", 60_000, **more)


def code_of(call):
    with pytest.raises(KlockError) as raised:
        call()
    return raised.value.code


@pytest.mark.parametrize(
    "url",
    [None, 3100, "", "localhost:3100", "ftp://localhost", "http://", "http://localhost:port", "http://localhost:99999", "http://h?q=1"],
)
def test_what_is_no_url_is_refused(url):
    assert code_of(lambda: KlockHttpClient(url)) == "INVALID_REQUEST"


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout_ms": 0},
        {"timeout_ms": "5"},
        {"timeout_ms": True},
        {"startup_timeout_ms": -1},
        {"server_command": "klock serve"},
        {"server_command": []},
        {"server_command": [None]},
        {"server_command": 5},
        {"auto_start": None},
        {"auto_start": "no"},
        {"api_key": "with\nline"},
        {"api_key": b"bytes"},
    ],
)
def test_a_wrong_argument_is_named(arguments):
    with pytest.raises(KlockError) as raised:
        KlockHttpClient(**arguments)
    assert raised.value.code == "INVALID_REQUEST" and next(iter(arguments)) in raised.value.message


def test_a_url_with_a_password_is_refused_and_the_password_not_echoed():
    with pytest.raises(KlockError) as raised:
        KlockHttpClient("http://user:secret@localhost")
    assert "secret" not in raised.value.message and "api_key" in raised.value.message


def test_names_that_a_path_must_not_misread(server):
    with KlockHttpClient(server) as client:
        for agent, session in ((".", ".."), ("a/b", "c d"), ("é%2F", "?#&"), ("+", "s+s")):
            assert client.acquire_lease(agent, session, "FILE", f"/{agent}", "MUTATES", 60_000)["success"]
            assert client.renew_session(agent, session) == 1
            assert len(client.list_leases(agent_id=agent, session_id=session)) == 1
            assert client.end_session(agent, session) == 1


@pytest.mark.parametrize("lease_id", [None, 7, b"id", "", "x" * 257, "\ud800"])
def test_a_lease_id_that_cannot_be_one_is_refused(server, lease_id):
    with KlockHttpClient(server) as client:
        assert code_of(lambda: client.release_lease(lease_id)) == "INVALID_REQUEST"


def test_a_declared_manifest_takes_nothing_whatever_it_holds(server):
    with KlockHttpClient(server) as client:
        intents = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/f"}]
        verdict = client.declare_intent({"agent_id": "a", "session_id": "s", "ttl": 1_000, "intents": intents})
        assert verdict["status"] == "Granted" and client.list_leases() == []


def test_threads_have_connections_of_their_own(server):
    with KlockHttpClient(server) as client:
        held = acquire(client, "young")
        client.register_agent("old", 0)
        waits = [threading.Thread(target=acquire, args=(client, "old"), kwargs={"wait_ms": 20_000}) for _ in range(8)]
        for wait in waits:
            wait.start()
        assert client.active_lease_count() == 1
        client.end_session("young", "s")
        for wait in waits:
            wait.join(20)
        assert not client.heartbeat_lease(held["lease_id"]) and client.active_lease_count() == 8


def test_the_time_out_is_beside_the_wait(server):
    with KlockHttpClient(server, timeout_ms=2_000) as client:
        client.register_agent("old", 0)
        acquire(client, "young")
        begun = time.monotonic()
        assert acquire(client, "old", wait_ms=2_500)["reason"] == "WAIT_TIMEOUT"
        assert 2.4 < time.monotonic() - begun


def test_keys(tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("writer\nreader read-only\n")
    with servers.running("--api-key-file", str(keys)) as url:
        assert code_of(lambda: KlockHttpClient(url).list_leases()) == "UNAUTHORIZED"
        assert code_of(lambda: KlockHttpClient(url, api_key="other").list_leases()) == "UNAUTHORIZED"
        assert KlockHttpClient(url, api_key="reader").list_leases() == []
        assert code_of(lambda: acquire(KlockHttpClient(url, api_key="reader"))) == "FORBIDDEN"
        assert acquire(KlockHttpClient(url, api_key="writer"))["success"]


def test_a_request_that_is_too_large_is_not_sent(server):
    with KlockHttpClient(server) as client:
        assert code_of(lambda: acquire(client, note="x" * 2_000_000)) == "PAYLOAD_TOO_LARGE"
        assert client.list_leases() == []


def test_nobody_there(tmp_path):
    url = f"http://127.0.0.1:{servers.free_port()}"
    with pytest.raises(KlockError) as raised:
        KlockHttpClient(url, auto_start=False).list_leases()
    assert raised.value.code == "STORAGE_UNAVAILABLE" and url in raised.value.message


@contextlib.contextmanager
def imposter(answer):
    """Somebody at a port who says the same to everybody, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    if answer is None:
                        time.sleep(5)
                    else:
                        connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def http(body, status="200 OK"):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    "answer, code",
    [
        (b"", "STORAGE_UNAVAILABLE"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "INTERNAL"),
        (http("<html>hello</html>"), "INTERNAL"),
        (http("[]"), "INTERNAL"),
        (http("{}"), "INTERNAL"),
        (http('{"success":"yes"}'), "INTERNAL"),
        (http("\x00" * 10, "502 Bad Gateway"), "INTERNAL"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "STORAGE_UNAVAILABLE"),
        (None, "STORAGE_UNAVAILABLE"),
    ],
)
def test_rubbish_and_silence_are_errors_of_their_own(answer, code):
    with imposter(answer) as url:
        with pytest.raises(KlockError) as raised:
            KlockHttpClient(url, timeout_ms=300).list_leases()
        assert raised.value.code == code and url in raised.value.message


def test_a_server_that_was_restarted_is_found_again(tmp_path):
    store, port = f"sqlite:{tmp_path / 'k.db'}", servers.free_port()
    client = KlockHttpClient(f"http://127.0.0.1:{port}", auto_start=False)
    with servers.running("--port", str(port), "--storage", store):
        lease = acquire(client)
    assert code_of(client.list_leases) == "STORAGE_UNAVAILABLE"
    with servers.running("--port", str(port), "--storage", store):
        assert client.release_lease(lease["lease_id"])


def test_a_closed_client(server):
    client = KlockHttpClient(server)
    acquire(client)
    client.close()
    client.close()
    assert code_of(client.list_leases) == "CLOSED"
    assert KlockHttpClient(server).active_lease_count() == 1


def test_it_cannot_be_copied(server):
    import copy
    import pickle

    for copier in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            copier(KlockHttpClient(server))


def test_a_forked_child_asks_on_connections_of_its_own(server):
    client = KlockHttpClient(server)
    acquire(client, "parent")
    child = os.fork()
    if child == 0:
        try:
            ok = all(acquire(client, "child", path=f"/{i}")["success"] for i in range(50))
            os._exit(0 if ok else 1)
        except BaseException:
            os._exit(2)
    for i in range(50):
        assert acquire(client, "parent", path=f"/p{i}")["success"]
    assert os.waitpid(child, 0)[1] == 0
    assert client.active_lease_count() == 101


CTRL_C = """
import os, signal, sys, threading
from klock import KlockHttpClient
client = KlockHttpClient(sys.argv[1])
threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    client.acquire_lease("old", "s", "FILE", "/f", "MUTATES", 60_000, wait_ms=60_000)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_a_wait_and_leaves_nothing(server):
    with KlockHttpClient(server) as client:
        client.register_agent("old", 0)
        held = acquire(client, "young")
        done = subprocess.run([sys.executable, "-c", CTRL_C, server], capture_output=True, text=True, timeout=30, check=False)
        assert done.stdout.strip() == "interrupted", done.stderr
        deadline = time.monotonic() + 10
        while not any(event["kind"] == "WAIT_ENDED" for event in client.events()):
            assert time.monotonic() < deadline, "the server keeps the request of a client that is gone"
            time.sleep(0.02)
        client.release_lease(held["lease_id"])
        assert client.list_leases() == []


def test_it_is_loaded_at_its_first_use_only():
    script = "import sys, klock; print('http.client' in sys.modules); klock.KlockHttpClient; print('http.client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    assert not hasattr(klock, "no_such_name")
