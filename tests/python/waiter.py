"""A process that waits for a lease: prints the answer, holds what it got until a line comes in, and gives it back.

Usage: waiter.py STORAGE AGENT PREDICATE WAIT_MS
"""

from __future__ import annotations

import json
import sys
from typing import cast

from klock import KlockClient, Predicate


def main(storage: str, agent: str, predicate: str, wait_ms: str) -> None:
    with KlockClient(storage) as client:
        wanted = cast(Predicate, predicate)
        answer = client.acquire_lease(agent, "s", "FILE", "/a", wanted, 600_000, wait_ms=int(wait_ms))
        print(json.dumps(answer), flush=True)
        if answer["success"]:
            sys.stdin.readline()
            client.release_lease(answer["lease_id"])


if __name__ == "__main__":
    main(*sys.argv[1:])
