"""A lease that is held for the length of a block."""

from __future__ import annotations

import time
from typing import Optional

from ._coordinator import Coordinator
from ._errors import KlockError, KlockLeaseLostError
from ._renewal import the_renewer
from ._results import LeaseGranted

_RENEWALS_A_TTL = 3
_RETRIES_A_TTL = 20  # of a renewal that failed though the lease may well be there


class HeldLease:
    """Renewed from now on until it is let go. Its block's thread lets it go; the renewer's thread renews it."""

    def __init__(self, client: Coordinator, lease: LeaseGranted, ttl_ms: int, asked_at: float) -> None:
        """Starts the renewals.

        Args:
            client: Where it was granted.
            lease: What was granted.
            ttl_ms: How long it lasts from its grant and from each renewal.
            asked_at: The monotonic time at which it was asked for.
        """
        self.lease = lease
        self._client = client
        self._ttl_s = ttl_ms / 1_000
        self._ended = False
        # A lease lasts from when its last good request was sent. One that waited was granted at a time that only the store
        # knows, so it is renewed at once, and from then on that time is known here.
        now = time.monotonic()
        self._over_at = now + self._ttl_s
        the_renewer().keep(self, max(0.0, asked_at + self._ttl_s / _RENEWALS_A_TTL - now))

    @property
    def lost(self) -> bool:
        """Whether it has ended, as far as is known."""
        return self._ended or time.monotonic() >= self._over_at

    def renew(self) -> Optional[float]:
        """Renews it; returns in how many seconds the next renewal is due, None when there is none."""
        sent_at = time.monotonic()
        try:
            if not self._client.heartbeat_lease(self.lease["lease_id"]):
                self._ended = True
                return None
        except KlockError as problem:
            # A store that fails for now: the lease is there until its time is over. A closed client renews nothing any more.
            again = problem.code != "CLOSED" and not self.lost
            return self._ttl_s / _RETRIES_A_TTL if again else None
        self._over_at = sent_at + self._ttl_s
        return self._ttl_s / _RENEWALS_A_TTL

    def let_go(self) -> None:
        """Ends it.

        Raises:
            KlockLeaseLostError: It had ended before. A store that fails, or a closed client, is no error while its time is
                not over: what it protected was protected, and its time ends it.
        """
        the_renewer().drop(self)
        try:
            in_time = self._client.release_lease(self.lease["lease_id"])
        except KlockError:
            in_time = not self.lost
        if not in_time:
            raise self._lost_error()

    def _lost_error(self) -> KlockLeaseLostError:
        where = f"The lease on {self.lease['resource']} ended before the block that needed it: "
        if time.monotonic() >= self._over_at:
            return KlockLeaseLostError("EXPIRED", where + "it was not renewed in time. Read again what it protected.")
        return KlockLeaseLostError("UNKNOWN_LEASE", where + "it was taken away. Read again what it protected.")
