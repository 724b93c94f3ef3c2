"""A client that knows three servers and moves on to the next one when one does not answer, as Klock's own clients do."""

from __future__ import annotations

import threading
from typing import Any, Dict, List, Optional, Tuple

from door import Door, NoAnswer
from record import Record, now
from servers import LeftAlone, Server

_GIVES_UP_AFTER_S = 40
_PATIENCE_S = 2.0
_NOBODY = 0
_UNAVAILABLE = 503


class Asker:
    """Makes requests, and puts each into the record. Not thread-safe."""

    def __init__(self, name: str, servers: List[Server], first: int, record: Record, left_alone: LeftAlone) -> None:
        self.name, self._left_alone = name, left_alone
        self._names = [server.name for server in servers]
        self._doors: List[Door] = [server.door() for server in servers]
        self._at, self._record = first, record
        self._pause = threading.Event()

    @property
    def server(self) -> str:
        """The name of the one that answered last."""
        return self._names[self._at]

    def ask(self, verb: str, method: str, path: str, body: Optional[dict] = None, once: bool = False,
            **known: Any) -> Tuple[int, Any, float]:
        """A request: its status (0 when no server answers for long), its answer, and when the try that was answered was sent.

        Args:
            once: it is not tried again.
        """
        first = now()
        ends = first + (body or {}).get("wait_ms", 0) / 1000
        tries, status, answer, sent = 0, _NOBODY, None, first
        while status in (_NOBODY, _UNAVAILABLE) and now() - first < _GIVES_UP_AFTER_S and not (tries and (once or self._pause.is_set())):
            if tries:
                self._move_on(tries)
            if self.server == self._left_alone.name:
                self._at = (self._at + 1) % len(self._doors)
            tries += 1
            sent = now()
            status, answer = self._try(method, path, body, ends - sent)
        entry: Dict[str, Any] = {
            "verb": verb, "name": self.name, "first": first, "sent": sent, "answered": now(), "server": self._names[self._at],
            "status": status if status != _UNAVAILABLE else _NOBODY, "tries": tries, "answer": answer, "once": once, **known,
        }
        self._record.add("ask", **entry)
        return entry["status"], answer, sent

    def give_up(self) -> None:
        """No more second tries: the run is over. From any thread."""
        self._pause.set()

    def _try(self, method: str, path: str, body: Optional[dict], wait_s: float) -> Tuple[int, Any]:
        wait_s = max(wait_s, 0)
        if body is not None and "wait_ms" in body:
            # What is left of it: a wait goes on at the next server.
            body = {**body, "wait_ms": int(wait_s * 1000)}
        try:
            return self._doors[self._at].ask(method, path, body, _PATIENCE_S + wait_s)
        except NoAnswer as silent:
            return _NOBODY, str(silent)

    def _move_on(self, tries: int) -> None:
        self._at = (self._at + 1) % len(self._doors)
        if tries % len(self._doors) == 0:
            self._pause.wait(0.1)
