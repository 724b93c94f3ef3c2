"""Many threads on one client: no two conflicting leases at once, nothing lost, and the GIL is free while the library works."""

import subprocess
import sys
import threading
import time

import pytest

from klock import KlockClient, KlockError
from workers import acquire


def run_threads(count, work):
    """Runs ``work(index)`` in threads and raises what any of them raised."""
    errors = []

    def guarded(index):
        try:
            work(index)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a thread hangs"
    if errors:
        raise errors[0]


@pytest.mark.parametrize("storage, rounds", [("memory", 200), ("sqlite", 20)], indirect=["storage"])
def test_no_two_holders_at_once(client, rounds):
    inside = []
    seen = []
    total = [0]

    def work(index):
        for _ in range(rounds):
            lease = acquire(client, f"agent-{index}", "FILE", "/one", "MUTATES")
            inside.append(index)
            seen.append((len(inside), lease["fencing_token"]))
            value = total[0]
            time.sleep(0)
            total[0] = value + 1
            inside.remove(index)
            assert client.release_lease(lease["lease_id"])

    run_threads(8, work)
    tokens = [token for _, token in seen]
    assert {holders for holders, _ in seen} == {1}
    assert total[0] == 8 * rounds
    assert tokens == sorted(set(tokens)), "a later holder must have a higher token"
    assert client.active_lease_count() == 0


@pytest.mark.parametrize("storage, each", [("memory", 1_000), ("sqlite", 40)], indirect=["storage"])
def test_no_grant_is_lost(client, each):
    granted = [[] for _ in range(8)]

    def work(index):
        for number in range(each):
            lease = client.acquire_lease("one", "s", "FILE", f"/{number % 7}", "MUTATES", 600_000)
            granted[index].append(lease["lease_id"])

    run_threads(8, work)
    ids = [lease_id for of_thread in granted for lease_id in of_thread]
    assert len(set(ids)) == 8 * each
    assert {lease["id"] for lease in client.list_leases()} == set(ids)


def test_closing_while_others_call_ends_in_closed_and_in_nothing_else(storage):
    for _ in range(10):
        client = KlockClient(storage)
        started = threading.Barrier(5)

        def work(index, client=client, started=started):
            if index == 0:
                started.wait()
                time.sleep(0.005)
                client.close()
                return
            client.acquire_lease(f"agent-{index}", "s", "FILE", f"/{index}", "MUTATES", 60_000)
            started.wait()
            with pytest.raises(KlockError) as caught:
                while True:
                    client.list_leases(agent_id=f"agent-{index}")
            assert caught.value.code == "CLOSED"

        run_threads(5, work)


LOCK_THE_FILE = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
database.execute("ROLLBACK")
"""


def test_other_threads_run_while_the_library_waits_for_the_file(sqlite_storage):
    path = sqlite_storage[len("sqlite:") :]
    with KlockClient(sqlite_storage) as client:
        client.register_agent("a", 1)
        other = subprocess.Popen([sys.executable, "-c", LOCK_THE_FILE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert other.stdout.readline() == "locked\n"
        results = []
        thread = threading.Thread(
            target=lambda: results.append(client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["success"])
        )
        thread.start()
        time.sleep(0.3)
        waited = thread.is_alive()
        # Were the GIL held by the waiting call, this line would not run before the call had given up.
        other.communicate("go\n", timeout=30)
        thread.join(30)
        assert waited and results == [True]
