"""Many processes on one SQLite file, started both ways, and one that is killed."""

import multiprocessing
import subprocess
import sys

import pytest

from klock import KlockClient, KlockError
from workers import edit_counter, open_and_close, take_leases

PROCESSES = 6
EDITS = 20


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_no_edit_is_lost(method, tmp_path, sqlite_storage):
    (tmp_path / "counter").write_text("0")
    context = multiprocessing.get_context(method)
    # The parent has used the library before it forks, as a framework that starts workers does.
    with KlockClient(sqlite_storage) as client:
        client.register_agent("parent", 1)
        workers = [
            context.Process(target=edit_counter, args=(sqlite_storage, str(tmp_path), f"agent-{index}", EDITS))
            for index in range(PROCESSES)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(180)
        codes = [worker.exitcode for worker in workers]
        for worker in workers:
            worker.kill()
        assert codes == [0] * PROCESSES
        assert int((tmp_path / "counter").read_text()) == PROCESSES * EDITS
        tokens = [int(line) for line in (tmp_path / "tokens").read_text().split()]
        assert tokens == sorted(set(tokens)) and len(tokens) == PROCESSES * EDITS
        assert client.active_lease_count() == 0
        assert len(client.list_agents()) == PROCESSES + 1


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_pool_takes_leases_and_all_are_there(method, sqlite_storage):
    with multiprocessing.get_context(method).Pool(4) as pool:
        work = [pool.apply_async(take_leases, (sqlite_storage, f"agent-{index}", 25)) for index in range(4)]
        ids = [lease_id for result in work for lease_id in result.get(timeout=120)]
    with KlockClient(sqlite_storage) as client:
        assert len(set(ids)) == 100
        assert {lease["id"] for lease in client.list_leases()} == set(ids)


def test_a_new_file_is_opened_by_many_at_once(tmp_path):
    """Making the file, and closing it last, lock it for a moment in ways that a running store does not."""
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager, context.Pool(8) as pool:
        for round_ in range(10):
            storage = f"sqlite:{tmp_path / f'{round_}.db'}"
            start = manager.Barrier(8)
            work = [pool.apply_async(open_and_close, (storage, f"agent-{index}", 5, start)) for index in range(8)]
            ids = {lease_id for result in work for lease_id in result.get(timeout=120)}
            with KlockClient(storage) as client:
                assert {lease["id"] for lease in client.list_leases()} == ids and len(ids) == 40


def fail(storage):
    KlockClient(storage).release_lease(5)


def test_an_error_crosses_processes(sqlite_storage):
    with multiprocessing.get_context("fork").Pool(1) as pool:
        with pytest.raises(KlockError) as caught:
            pool.apply_async(fail, (sqlite_storage,)).get(timeout=60)
    assert caught.value.code == "INVALID_REQUEST"


TAKE_UNTIL_KILLED = """
import itertools, sys
from klock import KlockClient
client = KlockClient(sys.argv[1], bind_to_process=False)
for number in itertools.count():
    print(client.acquire_lease("a", "s", "FILE", f"/{number}", "MUTATES", 600_000)["lease_id"], flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(sqlite_storage):
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", TAKE_UNTIL_KILLED, sqlite_storage], stdout=subprocess.PIPE, text=True)
        lines = [process.stdout.readline() for _ in range(20)]
        process.kill()
        lines += process.stdout.read().split("\n")
        process.wait(30)
        # A line that the kill cut short is no acknowledgement.
        acknowledged = {line.strip() for line in lines if len(line.strip()) == 32}
        with KlockClient(sqlite_storage) as client:
            stored = {lease["id"] for lease in client.list_leases()}
            assert acknowledged <= stored and len(acknowledged) >= 20
            for lease_id in stored:
                assert client.release_lease(lease_id)


TAKE_AND_STAY = """
import sys, time
from klock import KlockClient
client = KlockClient(sys.argv[1], bind_to_process=sys.argv[2] == "bound")
client.acquire_lease("dead", "s", "FILE", "/f", "MUTATES", 600_000)
print("taken", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how, free", [("bound", True), ("loose", False)])
def test_what_a_killed_process_held_is_free_at_once_unless_it_said_otherwise(sqlite_storage, how, free):
    process = subprocess.Popen([sys.executable, "-c", TAKE_AND_STAY, sqlite_storage, how], stdout=subprocess.PIPE, text=True)
    with process, KlockClient(sqlite_storage) as client:
        assert process.stdout.readline() == "taken\n"
        assert not client.acquire_lease("z", "s", "FILE", "/f", "MUTATES", 60_000)["success"]
        process.kill()
        process.wait(30)
        assert client.acquire_lease("z", "s", "FILE", "/f", "MUTATES", 60_000)["success"] == free
