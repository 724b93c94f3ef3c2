"""A server that KlockHttpClient starts when there is none."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import servers
from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockHttpClient
from test_http_client import acquire, code_of


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.delenv("KLOCK_DISABLE_AUTOSTART", raising=False)
    monkeypatch.setenv("KLOCK_SERVER_COMMAND", servers.program())


@pytest.fixture
def url():
    return f"http://127.0.0.1:{servers.free_port()}"


def test_a_server_is_started_once_for_all_and_told_of(url, capfd):
    client = KlockHttpClient(url)
    other = KlockHttpClient(url)
    try:
        assert client.auto_start_enabled() and client.last_started_pid() is None
        assert acquire(client)["success"]
        assert other.active_lease_count() == 1
        assert other.last_started_pid() is None
        told = capfd.readouterr().err
        assert url in told and str(client.last_started_pid()) in told
    finally:
        client.shutdown()
    with pytest.raises(ProcessLookupError):
        os.kill(client.last_started_pid(), 0)


def test_one_that_died_is_started_again(url):
    client = KlockHttpClient(url)
    try:
        acquire(client)
        first = client.last_started_pid()
        os.kill(first, signal.SIGKILL)
        assert client.active_lease_count() == 0
        assert client.last_started_pid() not in (None, first)
    finally:
        client.shutdown()


@pytest.mark.parametrize("port", [["--port={}"], ["--port", "{}"]])
def test_a_command_that_names_a_port_gets_no_second_one(url, monkeypatch, port):
    words = [word.format(url.rpartition(":")[2]) for word in port]
    monkeypatch.setenv("KLOCK_SERVER_COMMAND", " ".join([servers.program(), *words]))
    client = KlockHttpClient(url)
    try:
        assert acquire(client)["success"]
    finally:
        client.shutdown()


def test_another_programs_p_is_no_port(url):
    script = "import os, sys; os.execv(sys.argv[1], [sys.argv[1], *sys.argv[3:]])"
    client = KlockHttpClient(url, server_command=[sys.executable, "-c", script, servers.program(), "-p"])
    try:
        assert acquire(client)["success"]
    finally:
        client.shutdown()


def test_many_threads_start_one(url):
    client = KlockHttpClient(url)
    try:
        threads = [threading.Thread(target=acquire, args=(client, f"a{i}", f"/{i}")) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert client.active_lease_count() == 8
    finally:
        client.shutdown()


def test_it_goes_on_when_the_client_is_closed(url):
    client = KlockHttpClient(url)
    with client:
        acquire(client)
    try:
        assert KlockHttpClient(url, auto_start=False).active_lease_count() == 1
    finally:
        client.shutdown()


def test_its_key_is_the_clients(url):
    client = KlockHttpClient(url, api_key="secret")
    try:
        assert acquire(client)["success"]
        assert code_of(lambda: KlockHttpClient(url).list_leases()) == "UNAUTHORIZED"
        arguments = open(f"/proc/{client.last_started_pid()}/cmdline", encoding="utf-8").read()
        assert "secret" not in arguments
    finally:
        client.shutdown()


VALUES = {"1": True, "true": True, "Yes": True, " on ": True, "0": False, "": False, "false": False, "off": False, "no": False}


@pytest.mark.parametrize("value, disabled", VALUES.items())
def test_the_environment_turns_it_off(url, monkeypatch, value, disabled):
    monkeypatch.setenv("KLOCK_DISABLE_AUTOSTART", value)
    client = KlockHttpClient(url)
    assert client.auto_start_disabled_by_env() == disabled and client.auto_start_enabled() != disabled
    if disabled:
        assert code_of(client.list_leases) == "STORAGE_UNAVAILABLE" and client.last_started_pid() is None


def test_a_server_elsewhere_is_never_started():
    assert not KlockHttpClient("http://klock.example:3100").auto_start_enabled()
    assert not KlockHttpClient("https://localhost:3100").auto_start_enabled()
    assert not KlockHttpClient(auto_start=False).auto_start_enabled()
    assert not KlockHttpClient("unix:/run/klock.sock").auto_start_enabled()


def test_a_command_that_is_not_there(url):
    client = KlockHttpClient(url, server_command=["/no/such/klock"])
    with pytest.raises(KlockError) as raised:
        client.list_leases()
    assert raised.value.code == "STORAGE_UNAVAILABLE" and "/no/such/klock" in raised.value.message


def test_a_command_that_fails_is_quoted(url):
    command = [sys.executable, "-c", "import sys; sys.exit('no luck today')"]
    client = KlockHttpClient(url, server_command=command, startup_timeout_ms=1_500)
    with pytest.raises(KlockError) as raised:
        client.list_leases()
    assert raised.value.code == "STORAGE_UNAVAILABLE" and "no luck today" in raised.value.message


def test_a_command_that_never_listens_is_stopped(url):
    client = KlockHttpClient(url, server_command=[sys.executable, "-c", "import time; time.sleep(60)"], startup_timeout_ms=300)
    assert code_of(client.list_leases) == "STORAGE_UNAVAILABLE"
    with pytest.raises(ProcessLookupError):
        os.kill(client.last_started_pid(), signal.SIGTERM)


def test_without_any_klock_the_error_says_what_was_looked_for(url, monkeypatch, tmp_path):
    monkeypatch.delenv("KLOCK_SERVER_COMMAND")
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(KlockError) as raised:
        KlockHttpClient(url).list_leases()
    assert "KLOCK_SERVER_COMMAND" in raised.value.message and "PATH" in raised.value.message


def test_the_wheels_own_klock_is_started(url, monkeypatch):
    monkeypatch.delenv("KLOCK_SERVER_COMMAND")
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}:/usr/bin:/bin")
    client = KlockHttpClient(url)
    try:
        assert acquire(client)["success"]
        program = os.readlink(f"/proc/{client.last_started_pid()}/exe")
        assert program == os.path.join(os.path.realpath(os.path.dirname(sys.executable)), "klock-server")
    finally:
        client.shutdown()


def test_the_facade(url, tmp_path):
    with Klock.local("agent-a", base_url=url) as agent:
        try:
            with agent.file(tmp_path / "f.txt"):
                assert agent.client.active_lease_count() == 1
            assert agent.client.active_lease_count() == 0
        finally:
            agent.client.shutdown()


START = """
import os, sys, time
from klock import KlockHttpClient
client = KlockHttpClient(sys.argv[1])
client.acquire_lease("a", "s", "FILE", "/f", "MUTATES", 60_000)
if sys.argv[2] == "fork" and os.fork() == 0:
    time.sleep(60)
print(client.last_started_pid(), flush=True)
if sys.argv[2] in ("killed", "fork"):
    time.sleep(60)
"""


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"  # ended, and not yet asked for its exit code
    except OSError:
        return False


@pytest.mark.parametrize("end", ["returns", "killed", "fork"])
def test_it_ends_with_the_program_that_started_it(url, end, tmp_path, monkeypatch):
    monkeypatch.setenv("KLOCK_STORAGE", f"sqlite:{tmp_path}/klock.db")
    program = subprocess.Popen([sys.executable, "-c", START, url, end], stdout=subprocess.PIPE, text=True, start_new_session=True)
    pid = int(program.stdout.readline())
    try:
        if end == "returns":
            assert program.wait(30) == 0
        else:
            assert is_running(pid)
            program.kill()
            program.wait(30)
        deadline = time.monotonic() + 20
        while is_running(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_running(pid)
    finally:
        if end == "fork":
            os.killpg(program.pid, signal.SIGKILL)
    with KlockClient(f"sqlite:{tmp_path}/klock.db") as store:
        assert store.active_lease_count() == 1, "what was granted outlives the server, on a store that does"


RELEASE_AT_EXIT = """
import atexit, sys
from klock import KlockHttpClient
client = KlockHttpClient(sys.argv[1])
lease = client.acquire_lease("a", "s", "FILE", "/f", "MUTATES", 60_000)
atexit.register(lambda: print(client.release_lease(lease["lease_id"]), flush=True))
"""


def test_what_a_program_does_at_its_end_still_has_the_server(url):
    ran = subprocess.run([sys.executable, "-c", RELEASE_AT_EXIT, url], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "True\n"
    assert ran.stderr.count("started a server") == 1


def test_no_constructor_starts_one(url, tmp_path):
    with KlockHttpClient(url) as client:
        agent = Klock.local("agent-a", priority=7, base_url=url)
        other = Klock(client, "agent-b", priority=8)
        assert (agent.client.last_started_pid(), client.last_started_pid()) == (None, None)
        with pytest.raises(ValueError, match="priority"):
            Klock.local("agent-a", priority=-1, base_url=url)
        try:
            with agent.file(tmp_path / "f"):
                assert agent.list_agents() == [{"agent_id": "agent-a", "priority": 7}]
            with pytest.raises(KlockConflictError), agent.file(tmp_path / "f"):
                other.file(tmp_path / "f", max_retries=0)
            assert {"agent_id": "agent-b", "priority": 8} in agent.list_agents()
        finally:
            agent.client.shutdown()


def test_a_priority_that_is_refused_concerns_its_agent_alone(tmp_path):
    with servers.running() as url, KlockHttpClient(url) as client:
        client.register_agent("busy", 5)
        held = client.acquire_lease("busy", "s", "FILE", "/held", "MUTATES", 60_000)
        busy, other = Klock(client, "busy", priority=6), Klock(client, "other", priority=7)
        with other.file(tmp_path / "f"):
            for _ in range(2):
                assert code_of(lambda: busy.file(tmp_path / "g")) == "AGENT_BUSY"
        assert client.release_lease(held["lease_id"]) is True
        with busy.file(tmp_path / "g"):
            assert {"agent_id": "busy", "priority": 6} in client.list_agents()


def test_in_an_event_loop_the_priority_comes_first_too(url, tmp_path):
    agent = Klock.local("agent-a", priority=7, base_url=url)

    async def work():
        async with agent.aio.file(tmp_path / "f"):
            return agent.list_agents()

    try:
        assert asyncio.run(work()) == [{"agent_id": "agent-a", "priority": 7}]
    finally:
        agent.client.shutdown()


def test_a_command_that_is_no_klock_ends_with_the_program_too(url, tmp_path):
    told = f"print(os.getpid(), file=open({str(tmp_path / 'pid')!r}, 'w'), flush=True)"
    script = f"import os, subprocess, sys; {told}; subprocess.run(sys.argv[1:])"
    source = f"""
from klock import KlockHttpClient
command = [{sys.executable!r}, "-c", {script!r}, {servers.program()!r}]
KlockHttpClient({url!r}, server_command=command).list_leases()
"""
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
    deadline = time.monotonic() + 20
    while is_running(int((tmp_path / "pid").read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_whoever_used_it_too_starts_one_and_goes_on_waiting(url, tmp_path, monkeypatch):
    monkeypatch.setenv("KLOCK_STORAGE", f"sqlite:{tmp_path}/klock.db")
    source = START.replace("60_000)", "4_000)")
    program = subprocess.Popen([sys.executable, "-c", source, url, "killed"], stdout=subprocess.PIPE, text=True)
    program.stdout.readline()
    client = KlockHttpClient(url)
    try:
        assert client.active_lease_count() == 1
        threading.Timer(0.5, program.kill).start()
        assert acquire(client, "b", wait_ms=60_000)["success"]
        assert client.last_started_pid() is not None
    finally:
        client.shutdown()
        program.wait(30)
