"""Holding a lease for the length of a block."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any, Mapping, NamedTuple, Optional, Type

from . import _requests as requests
from ._abandonable import call_in_thread
from ._answers import lease_result
from ._coordinator import Coordinator
from ._errors import KlockConflictError, KlockError
from ._held import HeldLease
from ._results import LeaseGranted

_WAIT_A_RETRY_MS = 1_000
_LONGEST_WAIT_MS = 3_600_000


class Wanted(NamedTuple):
    """What a guard asks for, in the words of ``acquire_lease``."""

    agent_id: str
    session_id: str
    resource_type: str
    resource_path: str
    predicate: str
    ttl_ms: int
    wait_ms: int
    note: Optional[str] = None

    def request(self) -> requests.Request:
        """What is sent for it."""
        return requests.acquire(
            self.agent_id,
            self.session_id,
            self.resource_type,
            self.resource_path,
            self.predicate,
            self.ttl_ms,
            self.wait_ms,
            self.note,
            None,
        )


def wait_ms_of(max_retries: int) -> int:
    """The time to wait that a count of retries stands for: a second each, and an hour at the most.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is no count.
    """
    if not isinstance(max_retries, int) or max_retries < 0:
        raise KlockError("INVALID_REQUEST", "max_retries is not a count: it must be an integer, 0 or more (a second of waiting each).")
    return min(max_retries * _WAIT_A_RETRY_MS, _LONGEST_WAIT_MS)


class LeaseGuard:
    """``with guard:`` holds a lease in the block: waits for it in the kernel's queue, renews it, and lets it go at the end.

    ``async with`` does the same without holding up the event loop. Ctrl-C ends a wait at once, as cancelling a task does, and
    nothing of the request is left.

    One guard is for one block at a time. Guards of one session do not keep each other out (KLIS-7): each agent that works
    at the same time needs a session of its own. A guard inside another one of its session raises at once when an older
    session is in the way: leave the outer one, and start over.
    """

    def __init__(self, client: Coordinator, wanted: Wanted) -> None:
        self._client = client
        self._wanted = wanted
        self._in_use = threading.Lock()
        self._held: Optional[HeldLease] = None
        self._was_lost = False

    @property
    def lease(self) -> LeaseGranted:
        """The granted lease. Raises RuntimeError outside the block."""
        return self._current().lease

    @property
    def lease_id(self) -> str:
        """The id of the lease, which is the right to release it. Raises RuntimeError outside the block."""
        return self.lease["lease_id"]

    @property
    def fencing_token(self) -> int:
        """The lease's fencing token, higher than that of every lease granted before. Raises RuntimeError outside the block."""
        return self.lease["fencing_token"]

    @property
    def lost(self) -> bool:
        """Whether the lease ended before the block, as far as is known: look before a step that cannot be undone.

        Asks nobody. Leaving the block tells for certain, by ``KlockLeaseLostError``, unless an exception leaves it.
        """
        return self._held.lost if self._held is not None else self._was_lost

    def __enter__(self) -> "LeaseGuard":
        self._enter()
        asked_at = time.monotonic()
        try:
            self._hold(self._client._ask("acquire", self._wanted.request()), asked_at)
        except BaseException:
            self._in_use.release()
            raise
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        held = self._leave()
        try:
            held.let_go()
        except KlockError:
            self._was_lost = True
            if error is None:
                raise

    async def __aenter__(self) -> "LeaseGuard":
        self._enter()
        asked_at = time.monotonic()
        try:
            self._hold(await self._client._ask_async("acquire", self._wanted.request()), asked_at)
        except BaseException:
            self._in_use.release()
            raise
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        held = self._leave()
        try:
            # Letting go may write to a disk, and is carried out even when the task is cancelled meanwhile.
            await call_in_thread(held.let_go, lambda _: None)
        except KlockError:
            self._was_lost = True
            if error is None:
                raise

    def _enter(self) -> None:
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError("The guard is in use: one guard is for one block at a time.")
        self._was_lost = False

    def _leave(self) -> HeldLease:
        held, self._held = self._current(), None
        self._in_use.release()
        return held

    def _current(self) -> HeldLease:
        if self._held is None:
            raise RuntimeError("The guard holds no lease: it does inside 'with guard:' only.")
        return self._held

    def _hold(self, answered: Mapping[str, Any], asked_at: float) -> None:
        wanted = self._wanted
        answer = lease_result(answered)
        if not answer["success"]:
            raise KlockConflictError(
                wanted.agent_id, wanted.resource_path, answer["reason"], answer["wait_time"], answer["message"]
            )
        self._held = HeldLease(self._client, answer, wanted.ttl_ms, asked_at)
