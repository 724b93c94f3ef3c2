"""What programs do with klock every day, in one: test_versions.py runs it with each interpreter of the machine.

Usage: everyday.py FOLDER
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import threading
from pathlib import Path
from typing import List

import klock


def add_one(folder: Path, agent: str) -> None:
    with klock.Klock.embedded(agent, storage=f"sqlite:{folder / 'klock.db'}") as store:
        with store.file(folder / "counter", max_retries=60):
            (folder / "counter").write_text(str(int((folder / "counter").read_text()) + 1))


def all_add_one(folder: Path) -> None:
    """Threads, forked and spawned processes, on one file."""
    (folder / "counter").write_text("0")
    adders: List[object] = [threading.Thread(target=add_one, args=(folder, "thread"))]
    for method in ("fork", "spawn"):
        adders += [multiprocessing.get_context(method).Process(target=add_one, args=(folder, f"{method}-{number}")) for number in range(2)]
    # The processes first: forking beside a thread of one's own is not a thing to do every day.
    for adder in reversed(adders):
        adder.start()
    for adder in adders:
        adder.join()
    assert (folder / "counter").read_text() == "5", (folder / "counter").read_text()


def protected_call() -> None:
    client = klock.KlockClient()

    @klock.klock_protected(client, "a", "s", "FILE", lambda call: call["path"])
    def held(path: str) -> int:
        return client.active_lease_count()

    assert (held("notes.txt"), client.active_lease_count()) == (1, 0)
    client.close()


async def tasks_wait() -> None:
    async with klock.AsyncKlock() as store:
        first = await store.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        second = asyncio.ensure_future(store.acquire_lease("b", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms=60_000))
        await asyncio.sleep(0)
        assert await store.release_lease(first["lease_id"])
        assert (await second)["success"]


if __name__ == "__main__":
    all_add_one(Path(sys.argv[1]))
    protected_call()
    asyncio.run(tasks_wait())
    print("fine")
