"""Closing, garbage collection, copying, signals, and what a store keeps over all that."""

import copy
import gc
import os
import pickle
import signal
import subprocess
import sys
import textwrap

import pytest

import klock
from klock import KlockClient, KlockError

ALL_METHODS = {
    "register_agent": ("a", 1),
    "acquire_lease": ("a", "s", "FILE", "/a", "MUTATES", 1_000),
    "acquire_all": ("a", "s", [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/a"}], 1_000),
    "change_lease": ("0" * 32, "CONSUMES"),
    "renew_session": ("a", "s"),
    "end_session": ("a", "s"),
    "events": (),
    "release_lease": ("0" * 32,),
    "heartbeat_lease": ("0" * 32,),
    "revoke_lease": ("0" * 32,),
    "list_leases": (),
    "list_waiters": (),
    "list_agents": (),
    "snapshot": (),
    "declare_intent": ({"agent_id": "a", "session_id": "s", "intents": []},),
    "active_lease_count": (),
    "evict_expired": (),
}


def run_python(source, *arguments, timeout=60):
    command = [sys.executable, "-I", "-c", textwrap.dedent(source), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def test_every_method_is_in_the_list_above():
    public = {name for name in dir(KlockClient) if not name.startswith("_")}
    assert public == {*ALL_METHODS, "close"}


@pytest.mark.parametrize("method", ALL_METHODS)
def test_a_closed_client_says_so(client, method):
    client.close()
    with pytest.raises(KlockError) as caught:
        getattr(client, method)(*ALL_METHODS[method])
    assert caught.value.code == "CLOSED"


def test_closing_twice_does_nothing_and_other_clients_go_on(memory):
    other = KlockClient()
    other.close()
    other.close()
    assert memory.active_lease_count() == 0


def test_the_block_closes_the_client_also_when_it_raises(storage):
    with pytest.raises(ZeroDivisionError):
        with KlockClient(storage) as client:
            1 / 0
    with pytest.raises(KlockError):
        client.active_lease_count()


def test_a_sqlite_store_keeps_leases_and_agents(sqlite_storage):
    with KlockClient(sqlite_storage) as client:
        client.register_agent("a", 7)
        lease = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, note="why")
        before = client.list_leases()
    with KlockClient(sqlite_storage) as client:
        assert client.list_leases() == before
        assert client.list_agents() == [{"agent_id": "a", "priority": 7}]
        later = client.acquire_lease("a", "s", "FILE", "/b", "MUTATES", 60_000)
        assert later["fencing_token"] > lease["fencing_token"]
        assert client.release_lease(lease["lease_id"]) is True


def test_two_clients_of_one_file_see_one_store(sqlite_storage):
    with KlockClient(sqlite_storage) as one, KlockClient(sqlite_storage) as other:
        lease = one.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        assert not other.acquire_lease("b", "t", "FILE", "/a", "MUTATES", 60_000)["success"]
        assert other.release_lease(lease["lease_id"]) is True
        assert one.active_lease_count() == 0


def test_two_memory_clients_see_nothing_of_each_other():
    with KlockClient() as one, KlockClient() as other:
        for client in (one, other):
            assert client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["success"]


def test_a_client_nobody_closed_is_closed_when_it_is_collected(sqlite_storage):
    path = sqlite_storage[len("sqlite:") :]

    def open_files():
        links = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
        return sum(os.readlink(link).startswith(path) for link in links if os.path.lexists(link))

    client = KlockClient(sqlite_storage)
    client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
    assert open_files() > 0
    del client
    gc.collect()
    assert open_files() == 0


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_client_cannot_be_copied(memory, duplicate):
    with pytest.raises(TypeError, match="make one in each process"):
        duplicate(memory)


def test_a_client_that_never_opened_is_collected_quietly():
    result = run_python("from klock import KlockClient\ntry: KlockClient('nope:')\nexcept Exception as e: print(e.code)")
    assert (result.returncode, result.stdout, result.stderr) == (0, "INVALID_REQUEST\n", "")


def test_a_program_that_ends_with_open_clients_ends_quietly(sqlite_storage):
    source = """
        import sys, threading
        from klock import KlockClient
        clients = [KlockClient(), KlockClient(sys.argv[1])]
        for client in clients:
            client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        threading.Thread(target=lambda: [clients[0].list_leases() for _ in iter(int, 1)], daemon=True).start()
    """
    result = run_python(source, sqlite_storage)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize("name, code", [("SIGTERM", -signal.SIGTERM), ("SIGINT", 5)])
def test_signals_are_still_pythons(name, code):
    source = """
        import os, signal, sys, time
        from klock import KlockClient
        client = KlockClient()
        client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        try:
            os.kill(os.getpid(), getattr(signal, sys.argv[1]))
            time.sleep(10)
        except KeyboardInterrupt:
            client.active_lease_count()
            sys.exit(5)
    """
    assert run_python(source, name).returncode == code


def test_subprocesses_work_beside_the_library(memory):
    memory.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
    assert subprocess.run(["/bin/sh", "-c", "exit 3"], check=False).returncode == 3
    assert memory.active_lease_count() == 1


def test_the_version_is_the_librarys():
    source = """
        import ctypes, klock
        from klock._library import find_library
        version = ctypes.CDLL(find_library()).klock_version
        version.restype = ctypes.c_char_p
        print(version().decode() == klock.__version__)
    """
    assert run_python(source).stdout == "True\n"
    assert klock.__version__ == "0.3.0"


AT_THE_END = {
    "a client that was not closed": "guard.release()",
    "a block in a generator that is not at its end": """
        def work():
            with agent.file("/b"):
                yield
        working = work()
        next(working)
    """,
    "a guard that a finalizer releases": """
        class Work:
            def __init__(self):
                self.guard = agent.file("/c")
            def __del__(self):
                self.guard.release()
        working = Work()
    """,
    "a client that a finalizer closes": """
        class Worker:
            def __init__(self):
                self.agent = agent
            def __del__(self):
                self.agent.close()
        working = Worker()
    """,
}


@pytest.mark.parametrize("what", AT_THE_END)
@pytest.mark.parametrize("lock", ["client._keeper._changed", "client._waits._changed", "guard._lock"])
def test_a_program_ends_whatever_its_daemon_threads_held_when_they_were_ended(what, lock):
    # Python ends daemon threads wherever they are: also where they have just got a lock, which is as rare as it is short.
    # Here a thread of the program's leaves it locked.
    source = f"""
        import threading
        from klock import Klock, KlockClient
        client = KlockClient()
        agent = Klock(client, "agent")
        guard = agent.file("/a")
        {textwrap.indent(textwrap.dedent(AT_THE_END[what]), " " * 8).strip()}
        guard = getattr(globals().get("working"), "guard", guard)
        holder = threading.Thread(target={lock}.__enter__)
        del client, agent, guard
        holder.start()
        holder.join()
        print("the last line")
    """
    ended = run_python(source, timeout=30)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "the last line\n", "")
