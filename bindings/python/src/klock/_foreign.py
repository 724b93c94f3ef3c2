"""Clients that are not ours: whatever has ``acquire_lease`` and ``release_lease``."""

from __future__ import annotations

import inspect
import time
from typing import Any, Dict, Mapping

from ._coordinator import Coordinator
from ._errors import KlockError

_EXTRAS = ("wait_ms", "note", "namespace")
_RETRY_MS = 1_000


class ForeignClient(Coordinator):
    """Uses an object that has ``acquire_lease`` and ``release_lease``, and perhaps ``heartbeat_lease`` and ``list_leases``.

    Arguments beyond the original's six are passed on when it takes them. One without ``wait_ms`` is called again until the time
    is over: there is no queue to wait in.
    """

    def __init__(self, client: Any) -> None:
        for name in ("acquire_lease", "release_lease"):
            if not callable(getattr(client, name, None)):
                what = f"klock_client is of type {type(client).__name__}, which has no {name}"
                raise KlockError("INVALID_REQUEST", f"{what}: it must be a client, such as KlockClient(\"auto\").")
        self._client = client
        self._takes = _extras_of(client.acquire_lease)

    def close(self) -> None:
        """Does nothing: the object belongs to whoever made it."""

    def release_lease(self, lease_id: str) -> bool:
        return bool(self._client.release_lease(lease_id))

    def heartbeat_lease(self, lease_id: str, *, ttl: Any = None) -> bool:
        heartbeat = getattr(self._client, "heartbeat_lease", None)
        if not callable(heartbeat):
            raise KlockError("INTERNAL", "The client has no heartbeat_lease, so its leases last for their ttl and no longer.")
        return bool(heartbeat(lease_id))

    def _is_closed(self) -> bool:
        return False

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        if verb == "acquire":
            return self._acquired(request)
        if verb == "heartbeat" and not self.heartbeat_lease(str(request["lease_id"])):
            raise KlockError("UNKNOWN_LEASE", "The lease has ended.")
        if verb == "release" and not self.release_lease(str(request["lease_id"])):
            raise KlockError("UNKNOWN_LEASE", "The lease has ended.")
        if verb == "list_leases":
            return {"success": True, "data": self._client.list_leases()}
        return {"success": True, "data": {}}

    def _acquired(self, request: Mapping[str, Any]) -> Dict[str, Any]:
        asked = [request[name] for name in ("agent_id", "session_id", "resource_type", "resource_path", "predicate", "ttl")]
        extras = {name: request[name] for name in self._takes if request.get(name)}
        ends_at = time.monotonic() + (0 if "wait_ms" in extras else request["wait_ms"]) / 1_000
        while True:
            result = self._client.acquire_lease(*asked, **extras)
            left_s = ends_at - time.monotonic()
            if result["success"] or left_s <= 0:
                return _answer(result, request)
            time.sleep(min(left_s, max(result.get("wait_time") or _RETRY_MS, 1) / 1_000))


def _extras_of(acquire: Any) -> "tuple[str, ...]":
    try:
        parameters = inspect.signature(acquire).parameters.values()
    except (TypeError, ValueError):
        return ()
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters)
    names = {parameter.name for parameter in parameters}
    return _EXTRAS if takes_any else tuple(name for name in _EXTRAS if name in names)


def _answer(result: Mapping[str, Any], request: Mapping[str, Any]) -> Dict[str, Any]:
    if not result["success"]:
        return {"wait_time": 0, "message": "", "conflicts": [], **result}
    resource = f"{request['resource_type']}:{request['resource_path']}"
    granted = {"agent_id": request["agent_id"], "resource": resource, "predicate": request["predicate"]}
    return {"success": True, "data": {**granted, "expires_at": 0, "fencing_token": 0, **result}}
