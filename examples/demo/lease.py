"""How the demo's processes get a lease from Klock."""
from __future__ import annotations

import random
import time
from typing import Any, Mapping

from klock import KlockClient
from records import LeaseLog, Moment

# Far longer than an edit takes. Should an agent crash, the others get on after this time.
LEASE_TTL_MS = 10_000
PAUSE_MS = (2.0, 6.0)


def get_lease(klock: KlockClient, who: str, path: str, predicate: str, note: str, log: LeaseLog) -> Mapping[str, Any]:
    """Ask for a lease on the file until it is granted, and return the grant. Raises KlockError on a bad request."""
    asked_at = time.monotonic()
    while True:
        answer = klock.acquire_lease(who, f"{who}-session", "FILE", path, predicate, LEASE_TTL_MS, note=note)
        now = time.monotonic()
        log.moments.append(Moment(now, who, note, "GRANT" if answer["success"] else answer["reason"], answer))
        if answer["success"]:
            log.times_ms.append((now - asked_at) * 1000)
            return answer
        # WAIT (we are older than every holder) or DIE (we are younger than one): either way we hold nothing and
        # have read nothing yet that could grow stale, so we come back in a moment. The random pause lets all in.
        time.sleep(random.uniform(*PAUSE_MS) / 1000)
