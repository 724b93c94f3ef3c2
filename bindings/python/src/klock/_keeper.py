"""Renews the leases of guards, and notices when one is lost: a daemon thread for each client that holds any."""

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
    """Leases that are held here."""

    def renew(self) -> Optional[float]:
        """Renews them; returns when to renew them again, None when there is nothing left to renew."""

    @property
    def session(self) -> Session:
        """Their agent and session."""

    def whats_there(self, patience_s: Optional[float] = None) -> Any:
        """Lists what the session holds."""

    def looked(self, answer: Any, patience_s: Optional[float] = None) -> None:
        """Notices which are missing from an answer of ``whats_there`` that was requested while these were held."""


class Keeper:
    """Renews the leases of one client when they are due, and checks them in between, until they are dropped. Thread-safe.

    One thread a client, so that a hanging server delays nobody else's renewals. It starts with the first lease and stays for a
    while after the last one: starting one costs about as much as a lease.
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
        """Whether it belongs to this process, and not to the parent before a fork."""
        return self._owner == os.getpid()

    def keep(self, holding: Holding, due_at: float) -> None:
        """Renews and checks leases from now on; the first renewal is at ``due_at``.

        Raises:
            NoThreadError: There is no thread. Not at the end of the interpreter: then they last for their ttl, which is long enough.
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
        """Renews them no more. A renewal that is under way may still end."""
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
            # Whatever failed, a client or Python itself, it must not end the renewals of everything that is held.
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
            # At most until the next renewal is due.
            left_s = until - self._clock()
            if left_s <= 0:
                return
            try:
                if holding.session not in there:
                    there[holding.session] = holding.whats_there(left_s)
                holding.looked(there[holding.session], rules.at_least_shortest(until - self._clock()))
            except Exception:
                pass  # the next check, or the next renewal, will show it

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
                    # The clock may count the time that the machine sleeps, while waiting does not; so no wait is long.
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
    """The keeper of the leases that a client got."""
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
