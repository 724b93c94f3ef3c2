"""Keeps the leases of guards alive: one daemon thread for all guards of the process."""

from __future__ import annotations

import os
import threading
import time
from typing import Dict, List, Optional, Protocol


class Renewable(Protocol):
    """A lease that somebody here holds."""

    def renew(self) -> Optional[float]:
        """Renews the lease; returns in how many seconds the next renewal is due, None when there is none."""


class Renewer:
    """Renews each lease when it is due, until it is dropped. Thread-safe.

    The thread starts with the first lease and then stays, asleep while there is nothing to do: starting one costs about as
    much as taking a lease.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: Dict[Renewable, float] = {}
        self._started = False

    def keep(self, lease: Renewable, first_in_s: float) -> None:
        """Renews a lease from now on, the first time in so many seconds."""
        with self._changed:
            self._due[lease] = time.monotonic() + first_in_s
            if not self._started:
                threading.Thread(target=self._run, name="klock-renew", daemon=True).start()
                self._started = True
            self._changed.notify()

    def drop(self, lease: Renewable) -> None:
        """Renews a lease no more. A renewal that is under way may still end."""
        with self._changed:
            self._due.pop(lease, None)

    def _run(self) -> None:
        while True:
            for lease in self._wait_until_due():
                next_in_s = lease.renew()
                with self._changed:
                    if next_in_s is None:
                        self._due.pop(lease, None)
                    elif lease in self._due:
                        self._due[lease] = time.monotonic() + next_in_s

    def _wait_until_due(self) -> List[Renewable]:
        with self._changed:
            while True:
                now = time.monotonic()
                due = [lease for lease, at in self._due.items() if at <= now]
                if due:
                    return due
                self._changed.wait(min(self._due.values()) - now if self._due else None)


_renewer = Renewer()


def the_renewer() -> Renewer:
    """This process's renewer."""
    return _renewer


def _start_anew() -> None:
    # A forked child has neither the thread nor a right to the parent's leases, and the lock may have been held at the fork.
    global _renewer
    _renewer = Renewer()


os.register_at_fork(after_in_child=_start_anew)
