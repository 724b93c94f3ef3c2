"""Waiting across processes on one SQLite file: woken by another's release, in order, and without the dead."""

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from klock import KlockClient, KlockError
from waits import LONG_MS, until_waiting, wait_for

# What is promised is 5 s after the death of a waiting process; the rest is for the machine.
DEAD_WAITER_MS = 6_000


@pytest.fixture
def client(sqlite_storage):
    with KlockClient(sqlite_storage) as opened:
        for number in range(10):
            opened.register_agent(f"agent-{number}", number)
        yield opened


@pytest.fixture
def start(client, sqlite_storage):
    """Starts a process that waits, and returns once its place is seen from here."""
    with ExitStack() as processes:

        def started(agent, predicate="MUTATES", kind="QUEUED"):
            command = [sys.executable, "-B", str(Path(__file__).with_name("waiter.py")), sqlite_storage, agent, predicate, str(LONG_MS)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            processes.enter_context(process)
            processes.callback(process.kill)
            until_waiting(client, agent, kind)
            return process

        yield started


def acquire(client, agent, predicate="MUTATES", **more):
    return client.acquire_lease(agent, "s", "FILE", "/a", predicate, 600_000, **more)


def answer_of(process):
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize("agent, kind", [("agent-1", "QUEUED"), ("agent-9", "PARKED")])
def test_a_release_here_wakes_a_waiter_there(client, start, agent, kind):
    held = acquire(client, "agent-5")
    other = start(agent, kind=kind)
    client.release_lease(held["lease_id"])
    lease = answer_of(other)
    assert lease["success"] and lease["fencing_token"] > held["fencing_token"]
    assert [found["id"] for found in client.list_leases()] == [lease["lease_id"]]


def test_a_release_there_wakes_a_waiter_here(client, start):
    held = acquire(client, "agent-5")
    other = start("agent-4")
    client.release_lease(held["lease_id"])
    assert answer_of(other)["success"]
    call = wait_for(client, "agent-1")
    other.communicate("let go\n", timeout=60)
    assert call.result()["success"]


def test_the_order_is_kept_over_processes(client, start):
    held = acquire(client, "agent-9")
    names = ["agent-7", "agent-5", "agent-3", "agent-1"]
    waiting = [start(name) for name in names]
    refused = acquire(client, "agent-8")
    assert [(found["agent_id"], found["state"]) for found in refused["conflicts"]] == [
        *((name, "waiting") for name in reversed(names)),
        ("agent-9", "held"),
    ]
    client.release_lease(held["lease_id"])
    granted = []
    for process in waiting:
        granted.append(answer_of(process))
        process.communicate("let go\n", timeout=60)
    assert [lease["agent_id"] for lease in granted] == names
    tokens = [lease["fencing_token"] for lease in granted]
    assert tokens == sorted(set(tokens))
    assert client.active_lease_count() == 0


def test_a_killed_waiter_blocks_nobody(client, start):
    acquire(client, "agent-9", "CONSUMES")
    dead = start("agent-1")
    # A reader goes well with the reader that holds: it is the writer's place alone that is in the way.
    refused = acquire(client, "agent-5", "CONSUMES")
    assert [(found["agent_id"], found["state"]) for found in refused["conflicts"]] == [("agent-1", "waiting")]
    dead.kill()
    dead.wait(30)
    assert acquire(client, "agent-5", "CONSUMES")["success"]
    assert [found["outcome"] for found in client.events(limit=1_000) if found["kind"] == "WAIT_ENDED"] == ["OWNER_GONE"]


def test_a_process_that_lives_keeps_its_place_for_longer_than_a_dead_one_would(client, start):
    held = acquire(client, "agent-9", "CONSUMES")
    alive = start("agent-1")
    refused = acquire(client, "agent-5", "CONSUMES", wait_ms=DEAD_WAITER_MS)
    assert refused["reason"] == "WAIT_TIMEOUT"
    client.release_lease(held["lease_id"])
    assert answer_of(alive)["agent_id"] == "agent-1"


def test_a_thread_that_waits_goes_on_over_a_fork(client, sqlite_storage):
    held = acquire(client, "agent-5")
    call = wait_for(client, "agent-1")
    pid = os.fork()
    if pid == 0:
        signal.alarm(30)  # a child that hangs ends by itself
        code = 1
        try:
            code = child(client, sqlite_storage, held["lease_id"])
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0
    assert call.result()["success"]


def child(inherited, storage, lease_id):
    try:
        inherited.events()
        return 2
    except KlockError as error:
        if error.code != "CLOSED":
            return 3
    with KlockClient(storage) as own:
        return 0 if own.release_lease(lease_id) else 4
