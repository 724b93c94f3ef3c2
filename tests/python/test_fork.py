"""os.fork(): the child's own client works, the inherited one says CLOSED, nothing hangs and nothing is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from klock import KlockClient, KlockError

FORKS = 100
THREADS = 3
DEADLINE_S = 400


def run_scenario(storage):
    script = Path(__file__).with_name("fork_scenario.py")
    command = [sys.executable, "-B", str(script), storage, str(FORKS), str(THREADS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output, errors = process.communicate(timeout=DEADLINE_S)
    except subprocess.TimeoutExpired:
        # Its children hang with it: the whole session goes.
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        pytest.fail(f"the forking process hung for {DEADLINE_S} s: {errors}")
    assert process.returncode == 0, errors
    return json.loads(output)


def test_a_hundred_forks_while_threads_are_inside_the_library(storage):
    result = run_scenario(storage)

    assert result["errors"] == []
    assert [report["error"] for report in result["reports"] if "error" in report] == []
    assert result["forks_while_busy"] == len(result["reports"]) == FORKS
    assert all(report["codes"] == ["CLOSED"] * 3 for report in result["reports"])

    granted_to_children = [lease_id for report in result["reports"] for lease_id in report["granted"]]
    all_granted = result["granted"] + granted_to_children
    assert len(granted_to_children) == 8 * FORKS and len(result["granted"]) > FORKS
    assert len(set(all_granted)) == len(all_granted), "an id was given twice"

    held = set(result["held"])
    if storage != "memory":
        held |= {lease_id for report in result["reports"] for lease_id in report["held"]}
    assert set(result["stored"]) == held
    assert len(set(result["tokens"])) == len(result["tokens"])


def in_child(work):
    """Runs ``work`` in a forked child and returns the text it returned."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(30)  # a child that hangs ends by itself
            os.write(writing, work().encode())
        except BaseException as error:
            os.write(writing, f"raised {error!r}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    assert os.waitpid(pid, 0)[1] == 0
    return text


def code_of(call):
    try:
        call()
    except KlockError as error:
        return error.code
    return "none"


def test_the_inherited_client_is_closed_in_the_child_and_whole_in_the_parent(client, storage):
    lease = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["lease_id"]

    def child():
        first = code_of(client.active_lease_count)
        client.close()
        return f"{first} {code_of(lambda: client.release_lease(lease))}"

    assert in_child(child) == "CLOSED CLOSED"
    assert client.heartbeat_lease(lease) is True
    assert client.release_lease(lease) is True


def test_a_child_that_only_drops_the_inherited_client_does_not_enter_the_library(client):
    """A child that was forked to do something else must not pay for loading a library of its own."""

    def executable_mappings():
        with open("/proc/self/maps", encoding="ascii") as maps:
            return sorted(line for line in maps if " r-xp " in line)

    def child():
        before = executable_mappings()
        client.close()
        return str(executable_mappings() == before)

    assert in_child(child) == "True"


def test_a_grandchild_opens_its_own_too(client, storage):
    def child():
        own = KlockClient(storage, bind_to_process=False)
        own.acquire_lease("child", "s", "FILE", "/child", "MUTATES", 60_000)

        def grandchild():
            inherited = f"{code_of(own.list_leases)} {code_of(client.list_leases)}"
            lease = KlockClient(storage, bind_to_process=False).acquire_lease("grandchild", "s", "FILE", "/grandchild", "MUTATES", 60_000)
            return f"{inherited} {lease['success']}"

        return f"{in_child(grandchild)} {code_of(own.list_leases)}"

    assert in_child(child) == "CLOSED CLOSED True none"
    expected = set() if storage == "memory" else {"child", "grandchild"}
    assert {lease["agent_id"] for lease in client.list_leases()} == expected


def test_a_child_that_ends_as_programs_do_leaves_the_parents_store_alone(sqlite_storage):
    """Not by os._exit: Python collects the inherited client and runs the exit handlers."""
    source = """
import os, sys
from klock import KlockClient
client = KlockClient(sys.argv[1])
client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
if os.fork() == 0:
    sys.exit(0)
assert os.wait()[1] == 0
client.acquire_lease("a", "s", "FILE", "/b", "MUTATES", 60_000)
print(client.active_lease_count(), KlockClient(sys.argv[1]).active_lease_count())
"""
    result = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", source, sqlite_storage], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.stdout, result.stderr, result.returncode) == ("2 2\n", "", 0)


def test_a_child_that_uses_the_library_first():
    """The parent loaded the package and never called it: the library is loaded in the child."""
    source = """
import os, klock
pid = os.fork()
with klock.KlockClient() as client:
    assert client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["success"]
if pid:
    assert os.wait()[1] == 0
"""
    result = subprocess.run([sys.executable, "-I", "-W", "ignore", "-c", source], capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, "")
