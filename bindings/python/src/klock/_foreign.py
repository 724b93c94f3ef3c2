"""Clients that are not ours: whatever has ``acquire_lease`` and ``release_lease``."""

from __future__ import annotations

import time
from typing import Any, Dict, Mapping, Protocol, Union

from . import _requests as requests
from ._coordinator import Coordinator
from ._errors import KlockError
from ._results import LeaseResult

_EXTRAS = ("wait_ms", "note", "namespace")
_RETRY_MS = 1_000


class AcquiringClient(Protocol):
    """Whatever has these two methods: our clients, and others."""

    def acquire_lease(
        self, agent_id: str, session_id: str, resource_type: Any, resource_path: str, predicate: Any, ttl: int
    ) -> Union[LeaseResult, Mapping[str, Any]]:
        """As in ``KlockClient``."""

    def release_lease(self, lease_id: str) -> Any:
        """As in ``KlockClient``; only False means that the lease had ended."""


def coordinator_of(client: Any, name: str) -> Coordinator:
    """A client of ours as it is, any other object as a ``ForeignClient``.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is none.
    """
    if isinstance(client, Coordinator):
        return client
    for method in ("acquire_lease", "release_lease"):
        if not callable(getattr(client, method, None)):
            what = f"{name} is {'None' if client is None else f'of type {type(client).__name__}, which has no {method}'}"
            raise KlockError("INVALID_REQUEST", f"{what}: it must be a client, such as KlockClient(\"auto\").")
    return ForeignClient(client)


class ForeignClient(Coordinator):
    """Uses an object that has ``acquire_lease`` and ``release_lease``, and perhaps other methods of a client.

    ``acquire_lease`` gets the original's six arguments, and of ours those that it names. One without ``wait_ms`` is called again until
    the time is over: there is no queue to wait in.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._takes = _extras_of(client.acquire_lease)
        self._to_register: Dict[str, int] = {}

    def close(self) -> None:
        """Does nothing: the object belongs to whoever made it."""

    def __repr__(self) -> str:
        return repr(self._client)

    def _register_first(self, agent_id: str, priority: int) -> None:
        self._to_register[agent_id] = priority

    def _is_closed(self) -> bool:
        return False

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        for first in requests.registrations(self._to_register, verb, request):
            self._call("register_agent", first["agent_id"], first["priority"])
            self._to_register.pop(first["agent_id"], None)
        if verb == "acquire":
            return self._acquired(request)
        if verb in ("release", "heartbeat"):
            # One that returns nothing has nothing to say about the lease, and so nothing bad.
            if self._call(f"{verb}_lease", request["lease_id"]) in (None, True):
                return {"success": True, "data": {}}
            raise KlockError("UNKNOWN_LEASE", "The lease has ended.")
        if verb == "register_agent":
            return {"success": True, "data": self._call(verb, request["agent_id"], request["priority"])}
        if verb in ("list_leases", "list_agents"):
            return {"success": True, "data": self._call(verb)}
        raise self._has_no(verb)

    def _call(self, method: str, *arguments: object) -> Any:
        found = getattr(self._client, method, None)
        if not callable(found):
            raise self._has_no(method)
        return found(*arguments)

    def _has_no(self, method: str) -> KlockError:
        return KlockError("INTERNAL", f"The client, a {type(self._client).__name__}, has no {method}, and nothing else can do it.")

    def _acquired(self, request: Mapping[str, Any]) -> Dict[str, Any]:
        asked = [request[name] for name in ("agent_id", "session_id", "resource_type", "resource_path", "predicate", "ttl")]
        extras = {name: request[name] for name in self._takes if request.get(name)}
        left_ms = 0 if "wait_ms" in extras else request.get("wait_ms") or 0
        ends_at = time.monotonic() + left_ms / 1_000
        while True:
            result = self._client.acquire_lease(*asked, **extras)
            if result["success"] or left_ms <= 0 or time.monotonic() >= ends_at:
                return _answer(result, request)
            pause_ms = min(left_ms, max(result.get("wait_time") or _RETRY_MS, 1))
            time.sleep(pause_ms / 1_000)
            left_ms -= pause_ms


def _extras_of(acquire: Any) -> "tuple[str, ...]":
    """Which of our arguments it names. One that takes any, as a mock does, would swallow them without a word."""
    import inspect  # here: it is slow to load, and clients of ours need it for nothing

    try:
        names = inspect.signature(acquire).parameters
    except (TypeError, ValueError):
        return ()
    return tuple(name for name in _EXTRAS if name in names)


def _answer(result: Mapping[str, Any], request: Mapping[str, Any]) -> Dict[str, Any]:
    if not result["success"]:
        return {"wait_time": 0, "message": "", "conflicts": [], **result}
    resource = f"{request['resource_type']}:{request['resource_path']}"
    granted = {"agent_id": request["agent_id"], "resource": resource, "predicate": request["predicate"]}
    return {"success": True, "data": {**granted, "expires_at": 0, "fencing_token": 0, **result}}
