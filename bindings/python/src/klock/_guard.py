"""Guards: leases for the length of a block, or until they are released."""

from __future__ import annotations

import contextlib
import functools
from types import TracebackType
from typing import Any, Callable, Generator, Optional, Sequence, Type

from . import _requests as requests
from ._abandonable import call_in_thread
from ._coordinator import Coordinator
from ._errors import KlockError, KlockLeaseLostError
from ._held import HeldLeases
from ._results import LeaseGranted
from ._taking import take, take_async
from ._threads import Lock, NoThreadError
from ._wanted import Wanted


class _Guard:
    """What all guards know. Thread-safe."""

    def __init__(self, client: Coordinator, wanted: Wanted) -> None:
        self._client = client
        self._wanted = wanted
        self._lock = Lock()
        self._held: Optional[HeldLeases] = None
        self._is_entered = False
        self._was_lost = False

    @property
    def lease(self) -> LeaseGranted:
        """The granted lease; of several, the first. Raises RuntimeError when nothing is held."""
        return self.leases[0]

    @property
    def leases(self) -> Sequence[LeaseGranted]:
        """The granted leases, in the order in which they were asked for. Raises RuntimeError when nothing is held."""
        return self._current().leases

    @property
    def lease_id(self) -> str:
        """The id of the lease, which is the right to release it. Raises RuntimeError when nothing is held."""
        return self.lease["lease_id"]

    @property
    def fencing_token(self) -> int:
        """Higher than that of every lease granted before, of several leases the highest. Raises RuntimeError when nothing is held."""
        return max(lease["fencing_token"] for lease in self.leases)

    @property
    def lost(self) -> bool:
        """Whether a lease ended before the guard, as far as is known here: a revoke is noticed within a second.

        Sends no request; ``check`` does. Leaving the block raises ``KlockLeaseLostError`` if one did, unless another exception leaves it.
        """
        held = self._held
        return held.lost if held is not None else self._was_lost

    def __repr__(self) -> str:
        wanted = self._wanted
        what = ", ".join(f"{named.resource_type}:{named.path}" for named in wanted.resources)
        state = "lost" if self.lost else "not held" if self._held is None else f"held, token {self.fencing_token}"
        return f"<{type(self).__name__} {what} {'/'.join(dict.fromkeys(wanted.predicates))} for {wanted.agent_id}: {state}>"

    def _current(self) -> HeldLeases:
        held = self._held
        if held is None:
            raise RuntimeError("The guard holds no lease: it was released, or its block was left.")
        return held

    def _take_out(self) -> Optional[HeldLeases]:
        """The leases to release: the caller that gets them releases them."""
        with self._lock:
            held, self._held = self._held, None
            return held

    def _release_held(self, held: HeldLeases) -> None:
        try:
            held.release()
        except KlockLeaseLostError:
            self._was_lost = True
            raise

    def _enter(self) -> None:
        self._current()
        with self._lock:
            if self._is_entered:
                raise RuntimeError("The guard is in use: one guard is for one block.")
            self._is_entered = True

    def _leave(self, error: Optional[BaseException]) -> None:
        held = self._take_out()
        if held is not None:
            with contextlib.suppress(*() if error is None else (KlockError,)):
                self._release_held(held)

    async def _leave_async(self, error: Optional[BaseException]) -> None:
        if isinstance(error, GeneratorExit):
            self._leave(error)  # a coroutine that is closed may not await anything any more
        else:
            # A release may write to a disk, and is carried out even when the task is cancelled meanwhile.
            await _aside(lambda: self._leave(error))


class LeaseGuard(_Guard):
    """Holds one or several leases from its creation to its release: at the end of its block, or by ``release``.

    The leases are renewed meanwhile. Guards of one session do not exclude each other: each agent that works at the same time needs
    a session of its own. A guard inside another one of its session raises at once when an older session is in the way: leave the
    outer one, and start over.
    """

    def __init__(self, client: Coordinator, wanted: Wanted) -> None:
        """Waits for the leases. Ctrl-C ends the wait at once, and nothing of the request is left.

        Raises:
            KlockConflictError: They are not granted.
            KlockError: The request is invalid.
        """
        super().__init__(client, wanted)
        self._held = take(client, wanted)

    def release(self) -> bool:
        """Releases the leases. False when one had ended before, or was released before."""
        held = self._take_out()
        if held is None:
            return False
        try:
            self._release_held(held)
        except KlockLeaseLostError:
            return False
        return True

    def check(self) -> None:
        """Asks the store now whether everything is still held: for before a step that cannot be undone.

        Raises:
            KlockLeaseLostError: A lease has ended.
            KlockError: It cannot be known now, as ``STORAGE_UNAVAILABLE``.
            RuntimeError: Nothing is held, since it was released.
        """
        held = self._current()
        held.looked(held.whats_there())
        held.check()

    def __enter__(self) -> "LeaseGuard":
        self._enter()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._leave(error)

    async def __aenter__(self) -> "LeaseGuard":
        self._enter()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self._leave_async(error)


KlockFileGuard = LeaseGuard
"""The original's name for the result of ``Klock.file``."""


class AsyncLeaseGuard(_Guard):
    """As ``LeaseGuard``, for asyncio: waits when it is awaited or its block is entered, and never blocks the event loop.

    Cancelling the task ends a wait, and nothing of the request is left.
    """

    async def release(self) -> bool:
        """Releases the leases. False when one had ended before, or was released before."""
        held = self._take_out()
        if held is None:
            return False
        release_held = functools.partial(self._release_held, held)
        try:
            await _aside(release_held)
        except KlockLeaseLostError:
            return False
        return True

    async def check(self) -> None:
        """Asks the store now whether everything is still held, and raises as ``LeaseGuard.check`` does."""
        held = self._current()
        answer = await self._client._ask_async("list_leases", requests.session(*held.session))
        if held.missing(answer):
            await _aside(lambda: held.looked(answer))
        held.check()

    def __await__(self) -> Generator[Any, None, "AsyncLeaseGuard"]:
        return self._take().__await__()

    async def __aenter__(self) -> "AsyncLeaseGuard":
        if self._held is None:
            await self._take()
        self._enter()
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self._leave_async(error)

    async def _take(self) -> "AsyncLeaseGuard":
        with self._lock:
            if self._is_taken:
                raise RuntimeError("The guard was used before: ask for another one.")
            self._is_taken = True
        self._held = await take_async(self._client, self._wanted)
        return self

    _is_taken = False


async def _aside(call: Callable[[], None]) -> None:
    try:
        await call_in_thread(call, lambda _: None)
    except NoThreadError:
        call()  # it takes no longer than a commit, and must be done
