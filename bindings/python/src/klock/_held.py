"""Leases that are held until they are released. By the rules of "Holding a lease" in docs/architecture.md."""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any, List, Optional, Sequence, Set

from . import _holding_rules as rules
from . import _requests as requests
from ._coordinator import Coordinator
from ._errors import KlockError, KlockLeaseLostError
from ._keeper import Session, keeper_of
from ._results import LeaseGranted

Answer = Any


class HeldLeases:
    """The leases of one request, renewed until they are released. The block's thread releases, the keeper's thread renews."""

    def __init__(self, client: Coordinator, leases: Sequence[LeaseGranted], session_id: str, ttl_ms: int, sent_at: float) -> None:
        """Starts to renew them.

        Args:
            client: Where they were granted.
            leases: What was granted.
            session_id: Their session; the leases name the agent.
            ttl_ms: How long they last from their grant and from each renewal.
            sent_at: When the request was sent, by the client's clock.

        Raises:
            NoThreadError: There is no thread to renew them. They are not released.
        """
        self.leases = leases
        self._client = client
        self._session_id = session_id
        self._ttl_s = ttl_ms / 1_000
        self._ended: Set[str] = set()
        self._sure_until = sent_at + rules.sure_s(self._ttl_s)
        self._was_over = False
        self._is_released = False
        self._owner = os.getpid()
        keeper_of(client).keep(self, sent_at + rules.renewal_s(self._ttl_s))

    @property
    def lost(self) -> bool:
        """Whether one of them has ended, as far as is known. Once true, it stays true."""
        return bool(self._ended) or self._is_over()

    def renew(self) -> Optional[float]:
        """Renews them; returns when to renew them again, None when there is nothing left to renew."""
        sent_at = self._client._clock()
        if self.lost:
            return None
        give_up_at = sent_at + rules.patience_s(self._sure_until - sent_at)
        try:
            for lease_id in self._alive():
                self._ask_about(lease_id, give_up_at - self._client._clock())
        except Exception:
            # Whatever failed, the store or Python itself: the lease is there until it expires. A closed client stays closed.
            return None if self._client._is_closed() else self._client._clock() + rules.retry_s(self._ttl_s)
        if self.lost:
            return None
        self._sure_until = max(self._sure_until, sent_at + rules.sure_s(self._ttl_s))
        return sent_at + rules.renewal_s(self._ttl_s)

    @property
    def session(self) -> Session:
        """Their agent and session."""
        return self.leases[0]["agent_id"], self._session_id

    def whats_there(self, patience_s: Optional[float] = None) -> Answer:
        """Lists what the session holds, in one read. If no patience is given, the client's own counts.

        Raises:
            KlockError: It cannot be known now.
        """
        return self._client._ask_within(patience_s, "list_leases", requests.session(*self.session))

    def missing(self, answer: Answer) -> List[str]:
        """Which of them are missing from an answer of ``whats_there`` that was requested while they were held."""
        there = {lease["id"] for lease in answer["data"]}
        return [lease_id for lease_id in self._alive() if lease_id not in there]

    def looked(self, answer: Answer, patience_s: Optional[float] = None) -> None:
        """Renews those that are missing, whose answers say how they ended.

        Raises:
            KlockError: It cannot be known now.
        """
        for lease_id in [] if self._is_over() else self.missing(answer):
            self._ask_about(lease_id, patience_s)

    def release(self) -> None:
        """Releases them. In a forked child it does nothing: what was held at the fork is the parent's.

        Raises:
            KlockLeaseLostError: One had ended before. A store that fails, or a closed client, is no error: until now everything was
            protected, and the leases expire.
        """
        if self._owner != os.getpid():
            return
        keeper_of(self._client).drop(self)
        is_over, self._is_released = self._is_over(), True
        if not is_over:
            self._release_all(min(self._client._clock() + rules.RELEASE_PATIENCE_S, self._sure_until))
        self.check()

    def check(self) -> None:
        """Raises if one is known to have ended.

        Raises:
            KlockLeaseLostError: One of them has ended.
        """
        for lease in self.leases:
            if lease["lease_id"] in self._ended or self._is_over():
                raise self._lost_error(lease["resource"])

    def _is_over(self) -> bool:
        # No later answer brings them back; and once they are released their expiry does not matter.
        if not self._was_over and not self._is_released and self._client._clock() >= self._sure_until:
            self._was_over = True
        return self._was_over

    def _ask_about(self, lease_id: str, patience_s: Optional[float]) -> None:
        if not self._client._ask_about("heartbeat", lease_id, patience_s) and not self._is_released:
            self._ended.add(lease_id)

    def _release_all(self, until: float) -> None:
        interrupted: Optional[BaseException] = None
        for number, lease_id in enumerate(self._alive()):
            if number > 0 and self._client._clock() >= until:
                break
            try:
                self._release(lease_id, until)
            except BaseException as error:  # such as Ctrl-C, raised again in a moment, when all are released
                interrupted = error
                with contextlib.suppress(Exception):
                    self._client._ask_about("release", lease_id, rules.SHORTEST_PATIENCE_S)
        if interrupted is not None:
            raise interrupted

    def _release(self, lease_id: str, until: float) -> None:
        is_first = True
        while True:
            try:
                patience_s = rules.at_least_shortest(until - self._client._clock())
                # Later tries prove nothing: an earlier one may have been carried out.
                if not self._client._ask_about("release", lease_id, patience_s) and is_first:
                    self._ended.add(lease_id)
                return
            except KlockError as error:
                may_pass = error.code in ("STORAGE_UNAVAILABLE", "CLOSED") and not self._client._is_closed()
                if not may_pass or until - self._client._clock() <= rules.retry_s(self._ttl_s):
                    return
            time.sleep(rules.retry_s(self._ttl_s))
            is_first = False

    def _alive(self) -> List[str]:
        return [lease["lease_id"] for lease in self.leases if lease["lease_id"] not in self._ended]

    def _lost_error(self, resource: str) -> KlockLeaseLostError:
        where = f"The lease on {resource} ended before the block that needed it: "
        if self._is_over():
            return KlockLeaseLostError("EXPIRED", where + "it was not renewed in time. Read again what it protected.")
        return KlockLeaseLostError("UNKNOWN_LEASE", where + "it was taken away. Read again what it protected.")
