"""Forks again and again while other threads are busy inside the library, and prints as JSON what came of it.

Usage: fork_scenario.py STORAGE FORKS THREADS

A program of its own, because what it looks for is a process that hangs or dies: test_fork.py can end it from outside.
In the child nothing is done that Python itself cannot do after a fork with threads: no logging, no imports, no locks.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Set

from klock import KlockClient, KlockError

CHILD_DEADLINE_S = 30.0
TTL_MS = 3_600_000
LEASES_EACH = 2  # by each of a child's four threads


class Busy(threading.Thread):
    """Calls the library without a pause and remembers which leases it was granted."""

    def __init__(self, client: KlockClient, name: str, stop: threading.Event) -> None:
        super().__init__(name=name)
        self._client = client
        self._stop_asked = stop
        self.granted: List[str] = []
        self.held: Set[str] = set()
        self.error: str = ""

    def run(self) -> None:
        try:
            while not self._stop_asked.is_set():
                self._once(len(self.granted))
        except Exception as error:
            self.error = f"{self.name}: {error!r}"

    def _once(self, number: int) -> None:
        client = self._client
        lease: Any = client.acquire_lease(self.name, "s", "FILE", f"/{self.name}/{number % 40}", "MUTATES", TTL_MS)
        self.granted.append(lease["lease_id"])
        self.held.add(lease["lease_id"])
        client.list_leases(agent_id=self.name)
        # Most are given back, so that the store stays small and releases are under way at a fork too.
        if number % 25:
            assert client.release_lease(lease["lease_id"])
            self.held.remove(lease["lease_id"])


def child(inherited: KlockClient, storage: str, name: str) -> Dict[str, Any]:
    """What a child does: gets CLOSED from the inherited client, makes its own, uses it, drops both."""
    report: Dict[str, Any] = {"codes": [], "granted": [], "held": []}
    calls: List[Callable[[], object]] = [
        inherited.active_lease_count,
        lambda: inherited.acquire_lease(name, "s", "FILE", "/x", "MUTATES", TTL_MS),
        lambda: inherited.list_agents(),
    ]
    for call in calls:
        try:
            call()
            report["codes"].append("none")
        except KlockError as error:
            report["codes"].append(error.code)
    with KlockClient(storage, bind_to_process=False) as own:
        # The child's own threads too: they get memory that the parent's threads left behind.
        threads = [threading.Thread(target=take, args=(own, f"{name}-{index}", report["granted"])) for index in range(3)]
        for thread in threads:
            thread.start()
        take(own, name, report["granted"])
        for thread in threads:
            thread.join()
        report["held"] += report["granted"]
        assert own.heartbeat_lease(report["held"][0])
        assert own.release_lease(report["held"].pop())
    del inherited
    gc.collect()
    return report


def take(own: KlockClient, agent: str, granted: List[str]) -> None:
    for number in range(LEASES_EACH):
        lease: Any = own.acquire_lease(agent, "s", "FILE", f"/{agent}/{number}", "MUTATES", TTL_MS)
        granted.append(lease["lease_id"])
        # Enough garbage for the runtime inside the library to collect it: a broken fork shows there.
        for _ in range(5):
            own.list_leases()


def fork_once(client: KlockClient, storage: str, name: str) -> Dict[str, Any]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            try:
                report = child(client, storage, name)
            except BaseException as error:
                report = {"error": f"{name}: {error!r}"}
            os.write(writing, json.dumps(report).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    try:
        return read_report(pid, reading, name)
    finally:
        os.close(reading)


def read_report(pid: int, reading: int, name: str) -> Dict[str, Any]:
    end = time.monotonic() + CHILD_DEADLINE_S
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return {"error": f"{name} hung for {CHILD_DEADLINE_S} s"}
        time.sleep(0.001)
    if status != 0:
        return {"error": f"{name} ended with wait status {status}"}
    report: Dict[str, Any] = json.loads(os.read(reading, 65_536))
    return report


def main(storage: str, forks: int, threads: int) -> None:
    client = KlockClient(storage, bind_to_process=False)
    stop = threading.Event()
    busy = [Busy(client, f"busy-{index}", stop) for index in range(threads)]
    for thread in busy:
        thread.start()
    calls_before = 0
    reports, forks_while_busy = [], 0
    for index in range(forks):
        # A fork is worth something only if the threads have been at work since the last one.
        while sum(len(thread.granted) for thread in busy) == calls_before and not any(thread.error for thread in busy):
            time.sleep(0.001)
        calls_before = sum(len(thread.granted) for thread in busy)
        reports.append(fork_once(client, storage, f"child-{index}"))
        forks_while_busy += all(thread.is_alive() for thread in busy)
        if "error" in reports[-1]:
            break
    stop.set()
    for thread in busy:
        thread.join()
    summary = {
        "reports": reports,
        "forks_while_busy": forks_while_busy,
        "errors": [thread.error for thread in busy if thread.error],
        "granted": [lease_id for thread in busy for lease_id in thread.granted],
        "held": [lease_id for thread in busy for lease_id in thread.held],
        "stored": [lease["id"] for lease in client.list_leases()],
        "tokens": [lease["fencing_token"] for lease in client.list_leases()],
    }
    json.dump(summary, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
