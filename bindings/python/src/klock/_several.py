"""Several servers that are one coordinator: the one that answered last is asked, and the next one when it does not answer."""

from __future__ import annotations

import http.client
import time
from typing import Any, Callable, Dict, List, Mapping, Optional

from ._connections import Connections, Line
from ._errors import KlockError, KlockTimeoutError
from ._threads import Lock, NoThreadError, start
from ._waits import WAITING_VERBS

AWAY_STATUS = (502, 503, 504)  # the server's own, or a proxy's
# Shorter waits end before a check of their server would.
_WATCH_EVERY_S = 2.0
_ENDING_VERBS: Dict[str, str] = {"release": "released", "revoke": "revoked"}
# A wait that a dead server has left behind is there for 5 s at the most, and a lease has one waiting change at a time.
_LEFTOVER_S, _LEFTOVER_PAUSE_S = 6.0, 0.25


class Away(Exception):
    """The server is not there now, and may be again in a moment."""

    def __init__(self, error: KlockError, retry_after_s: Optional[float] = None, was_sent: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after_s = retry_after_s
        self.was_sent = was_sent
        """Whether the server got the request, which it may have carried out: also if it, or a proxy before it, says that it failed."""


class Servers:
    """The servers of a client, at least one. Thread-safe."""

    def __init__(self, each: List[Connections], timeout_s: float, headers: Mapping[str, str]) -> None:
        self.each = each
        self._timeout_s = timeout_s
        self._headers = headers
        self._current = 0

    @property
    def names(self) -> str:
        """Their URLs, as they were given."""
        return ",".join(str(one.address) for one in self.each)

    def ask(self, send: Callable[[Connections, Mapping[str, object]], Any], line: Line, verb: str, request: Mapping[str, object]) -> Any:
        """Sends a request to whichever server answers.

        It may be carried out twice, so an acquire must have a ``request_id``; all other requests come to the same.

        Raises:
            Away: None does.
        """
        if len(self.each) == 1:
            return send(self.each[0], request)
        wait_ms = request.get("wait_ms") if isinstance(request, Mapping) and verb in WAITING_VERBS else 0
        ends_at = time.monotonic() + wait_ms / 1_000 if isinstance(wait_ms, int) and wait_ms > 0 else None
        first, failures = self._current, []  # type: int, List[Away]
        leftover_until = 0.0
        while len(failures) < len(self.each):
            index = (first + len(failures)) % len(self.each)
            asked = request
            if ends_at is not None and failures:
                asked = {**request, "wait_ms": max(1, int((ends_at - time.monotonic()) * 1_000))}
            try:
                answer = self._ask_watched(send, self.each[index], line, asked, ends_at)
                self._current = index
                return answer
            except Away as away:
                failures.append(away)
                leftover_until = time.monotonic() + _LEFTOVER_S if away.was_sent else leftover_until
            except KlockTimeoutError as late:
                failures.append(Away(late, was_sent=True))
                leftover_until = time.monotonic() + _LEFTOVER_S
            except KlockError as error:
                was_sent = line.was_sent or any(away.was_sent for away in failures)
                if error.code == "UNKNOWN_LEASE" and verb in _ENDING_VERBS and was_sent:
                    # The lease is gone, as its holder wanted; whether an earlier try did that nobody knows. EXPIRED says that none did.
                    return {"success": True, "data": {_ENDING_VERBS[verb]: True, "lease_id": request["lease_id"]}}
                if verb == "change_lease" and error.code == "INVALID_REQUEST" and time.monotonic() < leftover_until:
                    line.pause(_LEFTOVER_PAUSE_S)
                    continue
                if error.code != "STORAGE_UNAVAILABLE":
                    raise
                failures.append(Away(error, was_sent=True))
            if line.is_cut:
                raise failures[-1]
        raise _all_away(failures)

    def _ask_watched(
        self,
        send: Callable[[Connections, Mapping[str, object]], Any],
        server: Connections,
        line: Line,
        request: Mapping[str, object],
        ends_at: Optional[float],
    ) -> Any:
        line.pick_up()
        if ends_at is None or ends_at - time.monotonic() < _WATCH_EVERY_S:
            return send(server, request)
        watch = _Watch(lambda: self._is_there(server), line)
        try:
            return send(server, request)
        finally:
            watch.stop()

    def _is_there(self, server: Connections) -> bool:
        try:
            return server.ask("GET", "/health", None, self._headers, self._timeout_s).status not in AWAY_STATUS
        except (OSError, http.client.HTTPException):
            return False
        except KlockError:
            return True  # the client was closed, which the request notices by itself


class _Watch:
    """Checks, while a request waits at a server, whether the server is still there, and drops the connection when it is not.

    A server that is paused, or whose machine is, sends nothing, and neither does one at which a request waits for an hour: without
    this nobody could tell them apart.
    """

    def __init__(self, is_there: Callable[[], bool], line: Line) -> None:
        self._is_there = is_there
        self._line = line
        self._lock = Lock()
        self._is_over = False
        try:
            start(self._run, "klock-watch")
        except NoThreadError:
            pass  # the request's own time is its only limit then

    def stop(self) -> None:
        """The request is answered."""
        with self._lock:
            self._is_over = True

    def _run(self) -> None:
        while True:
            until = time.monotonic() + _WATCH_EVERY_S
            while time.monotonic() < until:
                if self._is_over:
                    return
                time.sleep(0.2)
            if not self._is_there():
                with self._lock:
                    if not self._is_over:
                        self._line.drop()
                return


def _all_away(failures: List[Away]) -> Away:
    each = " ".join(away.error.message for away in failures)
    kind = KlockTimeoutError if all(isinstance(away.error, KlockTimeoutError) for away in failures) else KlockError
    pauses = [away.retry_after_s for away in failures if away.retry_after_s is not None]
    error = kind("STORAGE_UNAVAILABLE", f"None of the {len(failures)} servers answers. {each}")
    return Away(error, min(pauses) if len(pauses) == len(failures) else None, any(away.was_sent for away in failures))
