"""Leases that are held until they are let go."""

from __future__ import annotations

import contextlib
import os
from typing import Any, List, Optional, Sequence, Set

from . import _requests as requests
from ._coordinator import Coordinator
from ._errors import KlockError, KlockLeaseLostError
from ._keeper import Session, keeper_of
from ._results import LeaseGranted

_RENEWALS_A_TTL = 3
_RETRIES_A_TTL = 20  # of a renewal that failed though the lease may well be there
_SHORTEST_RETRY_S = 0.01

Answer = Any


class HeldLeases:
    """What one request got. Renewed from now on until it is let go: its block's thread lets it go, the keeper's renews it.

    All of it is counted from when the last good request was *sent*, which is the latest time at which the store's own counting can
    have begun for sure.
    """

    def __init__(self, client: Coordinator, leases: Sequence[LeaseGranted], session_id: str, ttl_ms: int, sent_at: float) -> None:
        """Starts to look after them.

        Args:
            client: Where they were granted.
            leases: What was granted.
            session_id: To whom, beside the leases' agent.
            ttl_ms: How long they last from their grant and from each renewal.
            sent_at: When they were asked for, by the client's clock.

        Raises:
            NoThreadError: There is nobody to renew them. They are not let go.
        """
        self.leases = leases
        self._client = client
        self._session_id = session_id
        self._ttl_s = ttl_ms / 1_000
        self._ended: Set[str] = set()
        self._over_at = sent_at + self._ttl_s
        self._owner = os.getpid()
        keeper_of(client).keep(self, sent_at + self._ttl_s / _RENEWALS_A_TTL)

    @property
    def lost(self) -> bool:
        """Whether one of them has ended, as far as is known."""
        return bool(self._ended) or self._is_over

    @property
    def _is_over(self) -> bool:
        return self._client._clock() >= self._over_at

    def renew(self) -> Optional[float]:
        """Renews them; returns when they are to be renewed again, None when there is nothing left to renew."""
        sent_at = self._client._clock()
        failed = False
        for lease_id in self._alive():
            try:
                if not self._client.heartbeat_lease(lease_id):
                    self._ended.add(lease_id)
            except KlockError:
                # A store that fails for now: the lease is there until its time is over. A closed client renews nothing any more.
                if self._client._is_closed():
                    return None
                failed = True
        if failed:
            return self._client._clock() + max(self._ttl_s / _RETRIES_A_TTL, _SHORTEST_RETRY_S)
        self._over_at = sent_at + self._ttl_s
        return sent_at + self._ttl_s / _RENEWALS_A_TTL if self._alive() else None

    @property
    def session(self) -> Session:
        """Whose they are."""
        return self.leases[0]["agent_id"], self._session_id

    def whats_there(self) -> Answer:
        """Asks what the session holds, in one read.

        Raises:
            KlockError: Nobody can tell.
        """
        return self._client._ask("list_leases", requests.session(*self.session))

    def looked(self, answer: Answer) -> None:
        """Notices what is gone: that is what the session holds, asked for when these were held."""
        there = {lease["id"] for lease in answer["data"]}
        self._ended.update(lease_id for lease_id in self._alive() if lease_id not in there)

    def let_go(self) -> None:
        """Ends them. In a forked child it does nothing: what was held at the fork is the parent's.

        Raises:
            KlockLeaseLostError: One had ended before. A store that fails, or a closed client, is no error while their time is
                not over: what they protected was protected, and their time ends them.
        """
        if self._owner != os.getpid():
            return
        keeper_of(self._client).drop(self)
        interrupted: Optional[BaseException] = None
        for lease in self.leases:
            try:
                self._release(lease["lease_id"])
            except BaseException as error:  # such as Ctrl-C, which goes on in a moment, when everything is let go
                interrupted = error
                with contextlib.suppress(Exception):
                    self._release(lease["lease_id"])
        if interrupted is not None:
            raise interrupted
        self.check()

    def check(self) -> None:
        """Tells what is known.

        Raises:
            KlockLeaseLostError: One of them has ended.
        """
        for lease in self.leases:
            if lease["lease_id"] in self._ended:
                raise self._lost_error(lease["resource"])

    def _release(self, lease_id: str) -> None:
        try:
            in_time = self._client.release_lease(lease_id)
        except KlockError:
            in_time = not self._is_over
        if not in_time:
            self._ended.add(lease_id)

    def _alive(self) -> List[str]:
        return [lease["lease_id"] for lease in self.leases if lease["lease_id"] not in self._ended]

    def _lost_error(self, resource: str) -> KlockLeaseLostError:
        where = f"The lease on {resource} ended before the block that needed it: "
        if self._is_over:
            return KlockLeaseLostError("EXPIRED", where + "it was not renewed in time. Read again what it protected.")
        return KlockLeaseLostError("UNKNOWN_LEASE", where + "it was taken away. Read again what it protected.")
