"""How a guard acquires its leases, written once for threads and for event loops."""

from __future__ import annotations

import time
import warnings
from typing import Any, Dict, Generator, List, NamedTuple, Optional

from . import _holding_rules as rules
from ._coordinator import Coordinator
from ._errors import KlockConflictError, KlockError, KlockLeaseLostError, KlockTimeoutError, KlockWaitTimeoutError
from ._errors import KlockWarning
from ._held import HeldLeases
from ._results import LeaseGranted
from ._steps import run, run_async
from ._threads import NoThreadError
from ._wanted import Wanted

_WAIT_TIMEOUT = "WAIT_TIMEOUT"
_GONE = ("UNKNOWN_LEASE", "EXPIRED")


class Asked(NamedTuple):
    """One request; without a verb, a pause."""

    verb: str
    request: Dict[str, object]
    patience_s: Optional[float] = None
    """How long the answer, or the pause, may take; None for the client's own limit."""


Steps = Generator[Asked, Any, HeldLeases]
"""The steps that ``run`` and ``run_async`` carry out; they return the held leases."""


def take(client: Coordinator, wanted: Wanted) -> HeldLeases:
    """Waits for the leases, and holds them.

    Raises:
        KlockConflictError: They are not granted.
        KlockError: The request is invalid.
    """
    return run(steps_to(client, wanted), lambda asked: _answer(client, asked))


async def take_async(client: Coordinator, wanted: Wanted) -> HeldLeases:
    """As ``take``, without blocking the event loop."""
    return await run_async(steps_to(client, wanted), lambda asked: _answer_async(client, asked))


def _answer(client: Coordinator, asked: Asked) -> Any:
    if not asked.verb:
        return time.sleep(asked.patience_s or 0)
    return client._ask_within(asked.patience_s, asked.verb, asked.request)


async def _answer_async(client: Coordinator, asked: Asked) -> Any:
    import asyncio  # here: it takes longer to load than all else, and most programs need none

    if not asked.verb:
        return await asyncio.sleep(asked.patience_s or 0)
    answer = client._ask_async(asked.verb, asked.request)
    try:
        return await asyncio.wait_for(answer, asked.patience_s)
    except asyncio.TimeoutError:
        raise KlockTimeoutError("STORAGE_UNAVAILABLE", "There was no answer in time.") from None


def steps_to(client: Coordinator, wanted: Wanted) -> Steps:
    """The requests that acquire the leases."""
    if wanted.namespace is None and client._demands_namespace is None:
        health = yield Asked("health", {})
        client._demands_namespace = health["data"].get("namespace_by") == "repository"
    if wanted.namespace is None and client._demands_namespace:
        wanted = wanted.in_namespace_of_its_repository()
    sent_at = client._clock()
    answer = yield Asked(wanted.verb, wanted.request(wanted.wait_ms))
    if not answer["success"] and answer["reason"] == _WAIT_TIMEOUT:
        # Asks whether it would be WAIT or DIE now. If it has just become free, so much the better.
        sent_at, refused = client._clock(), answer
        try:
            answer = yield Asked(wanted.verb, wanted.request(0))
        except KlockError:
            answer = {**refused, "reason": "DIE"}  # unknown now; taken for WAIT, a program would keep what others wait for
        if not answer["success"]:
            raise _not_granted(KlockWaitTimeoutError, wanted, {**answer, "message": refused["message"]})
    if not answer["success"]:
        raise _not_granted(KlockConflictError, wanted, answer)
    try:
        leases = wanted.granted(answer)
        if any("fencing_token" not in lease for lease in leases):
            raise KlockError("INTERNAL", "The server grants without fencing tokens, so it is not of this Klock, and no guard can use it.")
        if client._clock() - sent_at >= rules.renewal_s(wanted.ttl_ms / 1_000):
            sent_at = yield from _take_up(client, leases, wanted.ttl_ms / 1_000)
        _warn_of(leases)
        return HeldLeases(client, leases, wanted.session_id, wanted.ttl_ms, sent_at)
    except NoThreadError as error:
        client._undo(wanted.verb, {}, answer)
        raise KlockError("INTERNAL", f"No thread can be started to renew the lease, so it was released: {error}.") from None
    except BaseException:
        client._undo(wanted.verb, {}, answer)
        raise


def _warn_of(leases: List[LeaseGranted]) -> None:
    # Where warnings are errors this raises, and the leases are released.
    for lease in leases:
        if "warning" in lease:
            warnings.warn(lease["warning"], KlockWarning, stacklevel=2)


def _take_up(client: Coordinator, leases: List[LeaseGranted], ttl_s: float) -> "Generator[Asked, Any, float]":
    """Renews a grant whose time only the store knows; returns the time from which its ttl now counts."""
    until = client._clock() + rules.take_up_s(ttl_s)
    while True:
        renewed_at = client._clock()
        try:
            for lease in leases:
                patience_s = rules.at_least_shortest(until - client._clock())
                yield Asked("heartbeat", {"lease_id": lease["lease_id"]}, patience_s)
            return renewed_at
        except KlockError as problem:
            if problem.code in _GONE:
                gone = f"The lease on {lease['resource']} ended before it was taken up. Nothing was done under it."
                raise KlockLeaseLostError(problem.code, gone) from None
            if problem.code != "STORAGE_UNAVAILABLE" or until - client._clock() <= rules.retry_s(ttl_s):
                raise
        yield Asked("", {}, rules.retry_s(ttl_s))


def _not_granted(kind: "type[KlockConflictError]", wanted: Wanted, answer: Any) -> KlockConflictError:
    refused = wanted.refused(answer)
    # A server of the original says neither who is in the way nor a sentence.
    wait_time, message, conflicts = refused.get("wait_time"), refused.get("message", ""), refused.get("conflicts", [])
    return kind(wanted.agent_id, wanted.path, refused["reason"], wait_time, message, conflicts)
