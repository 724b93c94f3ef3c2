"""What a lease costs in Python, as ratios within one run: beside a bare ctypes call pair, with nothing held and with much.

run.py --bench installs the wheel and starts this there. Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
import time

from klock import KlockClient
from klock._library import find_library

HELD = 100_000
ROUNDS = 60  # of some 10 ms: most are not interrupted
CALLS = 500
STARTS = 15
WANTED = ("agent", "session", "FILE", "/bench/file.py", "MUTATES", 60_000)
FIRST = f"from klock import KlockClient; KlockClient().acquire_lease(*{WANTED})"


def measure(rounds, calls, *bodies):
    """ns a call of each, in turns, and the best round of each: what disturbs only ever adds."""
    best = [float("inf")] * len(bodies)
    for _ in range(rounds):
        for index, body in enumerate(bodies):
            began = time.perf_counter_ns()
            for _ in range(calls):
                body()
            best[index] = min(best[index], (time.perf_counter_ns() - began) / calls)
    return best


def pair(client):
    def acquire_and_release():
        client.release_lease(client.acquire_lease(*WANTED)["lease_id"])

    return acquire_and_release


def bare_pair():
    """Two calls into libklock that do nothing there."""
    version = ctypes.CDLL(find_library()).klock_abi_version
    version.argtypes, version.restype = [], ctypes.c_uint32

    def call_twice():
        version()
        version()

    return call_twice


def start(*texts):
    """ms that each program takes, from its start to its end."""
    bodies = [lambda text=text: subprocess.run([sys.executable, "-c", text], check=True) for text in texts]
    return [ns / 1e6 for ns in measure(STARTS, 1, *bodies)]


def crowded():
    client = KlockClient()
    for number in range(HELD):
        client.acquire_lease(f"holder-{number}", "s", "FILE", f"/held/{number}", "MUTATES", 3_600_000)
    return client


def main():
    missed = []

    def tell(what, value, unit, ratio, most=None):
        is_missed = most is not None and ratio > most
        if is_missed:
            missed.append(what)
        goal = "" if most is None else f"  {'MISSED' if is_missed else 'goal'}: at most {most}"
        print(f"{what:<52} {value:8.{1 if unit == 'ms' else 0}f} {unit}  {ratio:7.2f}x{goal}")

    bare, empty, full = measure(ROUNDS, CALLS, bare_pair(), pair(KlockClient()), pair(crowded()))
    tell("a bare ctypes call pair", bare, "ns", 1)
    tell("acquire_lease + release_lease", empty, "ns", empty / bare, 45)
    tell(f"the same with {HELD} leases held, to none", full, "ns", full / empty, 1.2)
    nothing, first = start("pass", FIRST)
    tell("python -c pass", nothing, "ms", 1)
    tell("import and a first acquire", first, "ms", first / nothing, 3)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
