"""Requests that wait without a thread each: one thread of a client collects the answers of all of them."""

from __future__ import annotations

import sys
import threading

from ._codec import encode, parsed
from ._threads import Condition, Lock, NoThreadError, start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Mapping, Optional

    from ._library import Library

WAITING_VERBS = ("acquire", "acquire_all", "change_lease")

_COLLECT = encode({})


class Wait:
    """A request that was sent: its answer, or a ticket for it. Thread-safe."""

    def __init__(self, waits: "Waits", undo: Callable[[Any], object], on_done: Callable[[], object]) -> None:
        """
        Args:
            waits: The store's waits.
            undo: Releases what an answer brings too late. Runs in the caller's or the collector's thread, whichever is later.
            on_done: Called when the answer is there, in whichever thread brings it.
        """
        self._waits = waits
        self._undo = undo
        self._on_done = on_done
        self._lock = Lock()
        self._over = threading.Event()
        self._abandoned = False
        self._ticket = 0
        self.answer: Any = None

    def complete(self, answer: Any) -> None:
        """The answer is there."""
        with self._lock:
            self.answer = answer
            abandoned = self._abandoned
        if abandoned:
            self._undo(answer)
        self._over.set()
        self._on_done()

    def take(self, answer: Any) -> None:
        """Takes the library's first answer: the result, or a ticket."""
        data = answer.get("data")
        if isinstance(data, dict) and "ticket" in data:
            self._ticket = data["ticket"]
            self._waits.add(self._ticket, self)
        else:
            self.complete(answer)

    def abandon(self) -> None:
        """Abandons the request: when this returns, it is off the queue, and what it got is released.

        Must not be called in the thread that collects answers, which it may wait for.
        """
        with self._lock:
            self._abandoned = True
            answer = self.answer
        if answer is not None:
            self._undo(answer)
        elif self._ticket and not self._waits.cancel(self._ticket) and not sys.is_finalizing():
            self._over.wait()


class Waits:
    """The waits of one open store, and the thread that collects their answers, which sleeps while there are none."""

    def __init__(self, library: Library, handle: int) -> None:
        self._library = library
        self._handle = handle
        self._changed = Condition()
        self._waiting: Dict[int, Wait] = {}
        self._early: Dict[int, Any] = {}
        self._started = False
        self._closed = False

    def begin(self, handle: Optional[int], verb: str, request: Mapping[str, object], wait: Wait) -> None:
        """Sends a request, which blocks for no longer than a commit takes; ``wait`` is completed with its answer."""
        library = self._library
        if verb in WAITING_VERBS:
            submitted: Dict[str, object] = {"request": verb}
            submitted.update(request)
            wait.take(parsed(library.take(library.submit(handle, encode(submitted)))))
        else:
            wait.complete(parsed(library.take(library.ask[verb](handle, encode(request)))))

    def add(self, ticket: int, wait: Wait) -> None:
        """From now on ``wait`` is completed with the answer to the ticket.

        Raises:
            NoThreadError: There is no thread to collect the answer, and the request is off the queue again.
        """
        with self._changed:
            if not self._started:
                try:
                    start(self._collect, "klock-waits")
                except NoThreadError:
                    self._library.take(self._library.cancel(self._handle, encode({"ticket": ticket})))
                    raise
                self._started = True
            answer = self._early.pop(ticket, None)
            if answer is None:
                self._waiting[ticket] = wait
                self._changed.notify()
        if answer is not None:
            wait.complete(answer)

    def cancel(self, ticket: int) -> bool:
        """Takes a request off the queue. False when its answer is being collected right now: then its wait is completed."""
        answer = parsed(self._library.take(self._library.cancel(self._handle, encode({"ticket": ticket}))))
        if answer["success"]:
            with self._changed:
                self._waiting.pop(ticket, None)
        is_being_collected: bool = answer.get("code") == "INVALID_REQUEST"
        return not is_being_collected

    def close(self) -> None:
        """The store was closed."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _collect(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return
            self._tell(parsed(self._library.take(self._library.collect(self._handle, _COLLECT))))

    def _tell(self, collected: Any) -> None:
        with self._changed:
            if not collected["success"]:
                # Closed meanwhile, and every wait with it.
                answered = [(wait, collected) for wait in self._waiting.values()]
                self._waiting.clear()
            else:
                answered = []
                for each in collected["data"]["answers"]:
                    wait = self._waiting.pop(each["ticket"], None)
                    if wait is None:
                        self._early[each["ticket"]] = each["answer"]
                    else:
                        answered.append((wait, each["answer"]))
        for wait, answer in answered:
            wait.complete(answer)
