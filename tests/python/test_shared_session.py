"""Two live processes that use one session are warned, and nobody else is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings

from klock import Klock, KlockClient, KlockWarning

HOLDER = """
import sys
from klock import Klock, KlockClient

client = KlockClient(sys.argv[1])
with Klock(client, "a", session_id="s").file("held.py"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def _holder(storage):
    """Another process that holds held.py in session s of agent a until its stdin ends."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, storage], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def _shared(client):
    return [event for event in client.events(limit=1000) if event["kind"] == "SESSION_SHARED"]


def test_the_second_is_told_once(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    with _holder(storage) as holder, KlockClient(storage) as client:
        klock = Klock(client, "a", session_id="s")
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            for number in range(100):
                with klock.file("held.py"), klock.file(f"f{number}.py"):
                    pass
        assert [(warning.category, "another live process" in str(warning.message)) for warning in told] == [(KlockWarning, True)]
        (event,) = _shared(client)
        assert (event["agent_id"], event["session_id"], event["resource"]) == ("a", "s", "FILE:held.py")
        holder.stdin.close()
        assert holder.wait(timeout=30) == 0


def test_a_warning_that_is_an_error_leaves_nothing_held(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    with _holder(storage) as holder, KlockClient(storage) as client:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                Klock(client, "a", session_id="s").file("held.py")
            except KlockWarning:
                pass
            else:
                raise AssertionError("the warning is no error")
        assert len(client.list_leases()) == 1
        holder.stdin.close()
        assert holder.wait(timeout=30) == 0


def test_one_after_the_other_is_not_told(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    with _holder(storage) as holder:
        holder.kill()
    with KlockClient(storage) as client, warnings.catch_warnings():
        warnings.simplefilter("error")
        with Klock(client, "a", session_id="s").file("held.py"):
            pass
        assert _shared(client) == []


def test_one_process_is_not_told_of_itself(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    problems = []

    def hold():
        with KlockClient(storage) as client:
            try:
                with Klock(client, "a", session_id="s").file("held.py"):
                    both.wait(timeout=30)
            except Exception as problem:
                problems.append(problem)

    both = threading.Barrier(2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        threads = [threading.Thread(target=hold) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with KlockClient(storage) as client:
        assert (problems, _shared(client)) == ([], [])


def test_a_forked_child_is_told(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    with KlockClient(storage) as client:
        with Klock(client, "a", session_id="s").file("held.py"):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    with warnings.catch_warnings(record=True) as told, KlockClient(storage) as own:
                        warnings.simplefilter("always")
                        with Klock(own, "a", session_id="s").file("held.py"):
                            code = 0 if [warning.category for warning in told] == [KlockWarning] else 2
                finally:
                    os._exit(code)
            assert os.waitpid(child, 0)[1] == 0
