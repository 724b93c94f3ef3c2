"""What the tests run in other processes. No pytest here: a process that starts must not pay for importing it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, List

from klock import KlockClient, Predicate, ResourceType


def edit_counter(storage: str, folder: str, name: str, edits: int) -> None:
    """Adds ``edits`` to a number in a file, each time under a lease, with a witness that would see a second holder.

    Reading, thinking and writing apart is what loses edits; creating the witness exclusively fails if anyone is inside.
    """
    counter, witness, log = Path(folder, "counter"), Path(folder, "witness"), Path(folder, "tokens")
    with KlockClient(storage, bind_to_process=False) as client:
        for _ in range(edits):
            lease = acquire(client, name, "FILE", str(counter), "MUTATES")
            os.close(os.open(witness, os.O_CREAT | os.O_EXCL))
            value = int(counter.read_text())
            time.sleep(0.0005)
            counter.write_text(str(value + 1))
            with log.open("a") as tokens:
                tokens.write(f"{lease['fencing_token']}\n")
            witness.unlink()
            assert client.release_lease(lease["lease_id"]), "a lease ended while it was held"


def acquire(client: KlockClient, agent: str, kind: ResourceType, path: str, predicate: Predicate, wait_ms: int = 120_000) -> Any:
    """Waits until it gets the lease."""
    result = client.acquire_lease(agent, "s", kind, path, predicate, 600_000, wait_ms=wait_ms)
    if not result["success"]:
        raise TimeoutError(f"{agent} did not get {path}: {result['message']}")
    return result


def take_leases(storage: str, name: str, count: int) -> List[str]:
    """Takes leases that conflict with nobody's and returns the ids that were acknowledged."""
    with KlockClient(storage, bind_to_process=False) as client:
        return [acquire(client, name, "FILE", f"/{name}/{index}", "MUTATES")["lease_id"] for index in range(count)]


def open_and_close(storage: str, name: str, rounds: int, start: Any) -> List[str]:
    """Opens the store, takes a lease and closes it again, all processes at once. Returns the ids that were acknowledged."""
    start.wait(60)
    return [lease_id for round_ in range(rounds) for lease_id in take_leases(storage, f"{name}-{round_}", 1)]
