"""Keeps the leases of guards alive, and notices when one is gone: a daemon thread for each client that holds any."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, Dict, List, Optional, Protocol, Tuple

from . import _holding_rules as rules
from ._coordinator import Coordinator
from ._threads import Condition, Lock, NoThreadError, is_ending, start

_IDLE_S = 1.0


Session = Tuple[str, str]


class Holding(Protocol):
    """Leases that somebody here holds."""

    def renew(self) -> Optional[float]:
        """Renews them; returns when they are to be renewed again, None when there is nothing left to renew."""

    @property
    def session(self) -> Session:
        """Whose they are."""

    def whats_there(self, patience_s: Optional[float] = None) -> Any:
        """Asks what the session holds."""

    def looked(self, answer: Any, patience_s: Optional[float] = None) -> None:
        """Notices what is gone: that is what the session holds, asked for when these were held."""


class Keeper:
    """Renews the leases of one client when they are due, and looks after them in between, until they are dropped. Thread-safe.

    One thread a client, so that a server that hangs holds up nobody else's renewals. It starts with the first lease and stays for a
    while after the last one: starting one costs about as much as taking a lease.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = Condition()
        self._due: Dict[Holding, float] = {}
        self._look_at = 0.0
        self._thread: Optional[threading.Thread] = None
        self._owner = os.getpid()

    @property
    def is_here(self) -> bool:
        """Whether it is this process's, and not one from before a fork."""
        return self._owner == os.getpid()

    def keep(self, holding: Holding, due_at: float) -> None:
        """Looks after leases from now on, and renews them for the first time at ``due_at``.

        Raises:
            NoThreadError: Nobody can, except at the end of the interpreter: then they last for their ttl, which is long enough.
        """
        with self._changed:
            if not self._due:
                self._look_at = self._clock() + rules.LOOK_EVERY_S
            self._due[holding] = due_at
            if self._thread is None or not self._thread.is_alive():
                try:
                    self._thread = start(self._run, "klock-renew")
                except NoThreadError:
                    del self._due[holding]
                    if not is_ending():
                        raise
            self._changed.notify()

    def drop(self, holding: Holding) -> None:
        """Looks after them no more. A renewal that is under way may still end."""
        with self._changed:
            self._due.pop(holding, None)

    def stop(self) -> None:
        """The client was closed: there is nothing to renew any more."""
        if self.is_here:
            with self._changed:
                self._due.clear()
                self._thread = None
                self._changed.notify()

    def _run(self) -> None:
        while self._wait_until_due():
            now = self._clock()
            for holding in self._due_by(now):
                self._renew(holding)
            if now >= self._look_at:
                self._look()
                self._look_at = self._clock() + rules.LOOK_EVERY_S

    def _renew(self, holding: Holding) -> None:
        due_at: Optional[float]
        try:
            due_at = holding.renew()
        except Exception:
            # Whatever it was, of a client or of Python itself, it must not end the renewals of all that is held.
            due_at = self._clock() + rules.LONGEST_RETRY_S
        with self._changed:
            if due_at is None:
                self._due.pop(holding, None)
            elif holding in self._due:
                self._due[holding] = due_at

    def _look(self) -> None:
        with self._changed:
            holdings = list(self._due)
            until = max(min(self._due.values(), default=0.0), self._clock() + rules.SHORTEST_PATIENCE_S)
        there: Dict[Session, Any] = {}
        for holding in holdings:
            # Not longer than until the next renewal is due.
            left_s = until - self._clock()
            if left_s <= 0:
                return
            try:
                if holding.session not in there:
                    there[holding.session] = holding.whats_there(left_s)
                holding.looked(there[holding.session], rules.at_least_shortest(until - self._clock()))
            except Exception:
                pass  # the next look, or the next renewal, will tell

    def _wait_until_due(self) -> bool:
        """Returns True when there is something to do, and False when there was nothing for a while."""
        with self._changed:
            while True:
                if not self._due and self._is_needed():
                    self._changed.wait(_IDLE_S)
                    if not self._due and self._is_needed():
                        self._thread = None
                if not self._is_needed():
                    return False
                if self._due:
                    # The clock may count the time that the machine sleeps, and waiting does not; so no wait is long.
                    next_at = min(self._look_at, *self._due.values())
                    now = self._clock()
                    if next_at <= now:
                        return True
                    self._changed.wait(next_at - now)

    def _is_needed(self) -> bool:
        return self._thread is threading.current_thread()

    def _due_by(self, now: float) -> List[Holding]:
        with self._changed:
            return [holding for holding, at in self._due.items() if at <= now]


_making = Lock()


def keeper_of(client: Coordinator) -> Keeper:
    """Who looks after the leases that a client took."""
    with _making:
        keeper = client._keeper
        if not isinstance(keeper, Keeper) or not keeper.is_here:
            keeper = client._keeper = Keeper(client._clock)
        return keeper


def _start_anew() -> None:
    # A forked child has neither the threads nor a right to the parent's leases, and the lock may have been held at the fork.
    global _making
    _making = Lock()


os.register_at_fork(after_in_child=_start_anew)
