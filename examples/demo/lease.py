"""How the demo's processes get a lease from Klock."""
from __future__ import annotations

import time
from typing import Any, Mapping

from klock import KlockClient
from records import LeaseLog, Moment

# Far longer than an edit takes. Should an agent crash, the others get on after this time.
LEASE_TTL_MS = 10_000
# Far longer than a turn takes to come round, and shorter than RACE_LIMIT_S.
WAIT_MS = 60_000


class NoLease(Exception):
    """The lease did not come within WAIT_MS."""


def get_lease(klock: KlockClient, who: str, path: str, predicate: str, note: str, log: LeaseLog) -> Mapping[str, Any]:
    """Ask for a lease on the file, wait for it if need be, and return the grant. Raises NoLease, or KlockError."""
    asked_at = time.monotonic()

    def ask(wait_ms: int) -> Mapping[str, Any]:
        answer = klock.acquire_lease(who, f"{who}-session", "FILE", path, predicate, LEASE_TTL_MS, wait_ms=wait_ms, note=note)
        now = time.monotonic()
        log.moments.append(Moment(now, who, note, "GRANT" if answer["success"] else answer["reason"], answer))
        return answer

    # The first try is there for the record: wait_ms alone would do, and then Klock would not tell its verdict.
    answer = ask(wait_ms=0)
    if not answer["success"]:
        # WAIT (we are older than all in the way) or DIE (we are younger than one): we hold nothing and have read
        # nothing yet that could grow stale, so Klock lets us wait either way, and wakes us when it is our turn.
        answer = ask(wait_ms=WAIT_MS)
    if not answer["success"]:
        raise NoLease(answer["message"])
    log.times_ms.append((log.moments[-1].at - asked_at) * 1000)
    return answer
