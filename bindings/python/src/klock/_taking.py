"""How a guard comes by its leases, written once for threads and for event loops."""

from __future__ import annotations

import warnings
from typing import Any, Callable, Dict, Generator, List, Tuple

from ._coordinator import Coordinator
from ._errors import KlockConflictError, KlockError, KlockLeaseLostError, KlockWaitTimeoutError, KlockWarning
from ._held import HeldLeases
from ._results import LeaseGranted
from ._threads import NoThreadError
from ._wanted import Wanted

_WAIT_TIMEOUT = "WAIT_TIMEOUT"
_GONE = ("UNKNOWN_LEASE", "EXPIRED")

Asked = Tuple[str, Dict[str, object]]
Steps = Generator[Asked, Any, HeldLeases]
"""Yields what is to be asked, is sent the answer, and returns what is held. An error of a request is thrown in."""


def take(client: Coordinator, wanted: Wanted) -> HeldLeases:
    """Waits for the leases, and holds them.

    Raises:
        KlockConflictError: They are not granted.
        KlockError: What was asked for cannot be judged.
    """
    return _run(steps_to(client, wanted), client._ask)


async def take_async(client: Coordinator, wanted: Wanted) -> HeldLeases:
    """As ``take``, without holding up the event loop."""
    steps = steps_to(client, wanted)
    try:
        asked = next(steps)
        while True:
            try:
                answer = await client._ask_async(*asked)
            except BaseException as error:  # a cancelled task too: what was granted before is let go
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        held: HeldLeases = done.value
        return held


def _run(steps: Steps, ask: Callable[[str, Dict[str, object]], Any]) -> HeldLeases:
    try:
        asked = next(steps)
        while True:
            try:
                answer = ask(*asked)
            except BaseException as error:  # Ctrl-C too: what was granted before is let go
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        held: HeldLeases = done.value
        return held


def steps_to(client: Coordinator, wanted: Wanted) -> Steps:
    """What is to be asked of whom."""
    if wanted.namespace is None and client._demands_namespace is None:
        health = yield "health", {}
        client._demands_namespace = health["data"].get("namespace_by") == "repository"
    if wanted.namespace is None and client._demands_namespace:
        wanted = wanted.in_namespace_of_its_repository()
    sent_at = client._clock()
    answer = yield wanted.verb, wanted.request(wanted.wait_ms)
    waited = wanted.wait_ms > 0
    if not answer["success"] and answer["reason"] == _WAIT_TIMEOUT:
        # Whether it would be WAIT or DIE now. And if it has just become free, so much the better.
        sent_at, waited, refused = client._clock(), False, answer
        try:
            answer = yield wanted.verb, wanted.request(0)
        except KlockError:
            answer = {**refused, "reason": "WAIT"}
        if not answer["success"]:
            raise _not_granted(KlockWaitTimeoutError, wanted, {**answer, "message": refused["message"]})
    if not answer["success"]:
        raise _not_granted(KlockConflictError, wanted, answer)
    try:
        leases = wanted.granted(answer)
        if waited and client._clock() - sent_at > wanted.ttl_ms / 3_000:
            # It was granted at a time that only the store knows. Counted from when it was asked for, much of it is over.
            sent_at = yield from _renew(client, leases, sent_at, wanted.ttl_ms)
        _warn_of(leases)
        return HeldLeases(client, leases, wanted.session_id, wanted.ttl_ms, sent_at)
    except NoThreadError as error:
        client._undo(wanted.verb, {}, answer)
        raise KlockError("INTERNAL", f"No thread can be started to renew the lease, so it was let go: {error}.") from None
    except BaseException:
        client._undo(wanted.verb, {}, answer)
        raise


def _warn_of(leases: List[LeaseGranted]) -> None:
    # Where warnings are errors this raises, and the leases are released.
    for lease in leases:
        if "warning" in lease:
            warnings.warn(lease["warning"], KlockWarning, stacklevel=2)


def _renew(client: Coordinator, leases: List[LeaseGranted], sent_at: float, ttl_ms: int) -> "Generator[Asked, Any, float]":
    """Renews what was just granted, and returns from when on it lasts for its ttl."""
    renewed_at = client._clock()
    for lease in leases:
        try:
            yield "heartbeat", {"lease_id": lease["lease_id"]}
        except KlockError as problem:
            if problem.code in _GONE:
                gone = f"The lease on {lease['resource']} ended before it was taken up. Nothing was done under it."
                raise KlockLeaseLostError(problem.code, gone) from None
            if client._clock() >= sent_at + ttl_ms / 1_000:
                raise
            return sent_at  # a store that fails for now: the renewals go on trying
    return renewed_at


def _not_granted(kind: "type[KlockConflictError]", wanted: Wanted, answer: Any) -> KlockConflictError:
    refused = wanted.refused(answer)
    reason, wait_time, conflicts = refused["reason"], refused["wait_time"], refused["conflicts"]
    return kind(wanted.agent_id, wanted.path, reason, wait_time, refused["message"], conflicts)
