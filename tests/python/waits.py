"""Calls that wait, in threads of their own, and how a test knows that they do without sleeping on it."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, List, Optional

from klock import KlockClient

LONG_MS = 300_000  # a wait that is to be ended by something else: a test that runs into it hangs and fails
WITHIN_S = 60.0
WAITING = ("QUEUED", "PARKED", "PROMOTED")


class Call:
    """One call in a thread of its own: what it returned, or raised, is what ``result`` returns or raises."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        self._error: Optional[BaseException] = None
        self._result: Any = None

        def run() -> None:
            try:
                self._result = function(*arguments, **named)
            except BaseException as error:
                self._error = error

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    @property
    def is_waiting(self) -> bool:
        return self._thread.is_alive()

    def result(self) -> Any:
        self._thread.join(WITHIN_S)
        assert not self.is_waiting, "the call hangs"
        if self._error is not None:
            raise self._error
        return self._result


def history(client: KlockClient) -> List[Any]:
    """Every event of a store that has had few."""
    events: List[Any] = list(client.events(limit=1_000))
    assert len(events) < 1_000
    return events


def until_waiting(client: KlockClient, agent_id: str, kind: str = "QUEUED", times: int = 1) -> None:
    """Returns once the agent's latest wait is of that kind and still goes on; ``times``: once it has begun so often."""
    end = time.monotonic() + WITHIN_S
    kinds: List[str] = []
    while time.monotonic() < end:
        kinds = [event["kind"] for event in history(client) if event.get("agent_id") == agent_id]
        kinds = [each for each in kinds if each in (*WAITING, "WAIT_ENDED")]
        if kinds.count(kind) >= times and kinds[-1] == kind:
            return
        time.sleep(0.002)
    raise AssertionError(f"{agent_id} did not come to wait as {kind}: {kinds}")


def until_kept_alive(client: KlockClient) -> None:
    """Returns once the process has sent a keep-alive for a wait that continues."""
    end = time.monotonic() + WITHIN_S
    while not any(event["kind"] == "KEPT_ALIVE" for event in history(client)):
        assert time.monotonic() < end, "no keep-alive"
        time.sleep(0.002)


def wait_for(client: KlockClient, agent_id: str, predicate: str = "MUTATES", kind: str = "QUEUED", path: str = "/a") -> Call:
    """A request of the agent's session ``s`` that waits, and is known to."""
    call = Call(client.acquire_lease, agent_id, "s", "FILE", path, predicate, 600_000, wait_ms=LONG_MS)
    until_waiting(client, agent_id, kind)
    return call
