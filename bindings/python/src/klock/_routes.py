"""The HTTP request of each method."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional
from urllib.parse import quote, urlencode

from ._errors import KlockError

_ID_BYTES = 256


class HttpRequest(NamedTuple):
    """One request to a server."""

    method: str
    path: str
    body: Optional[Mapping[str, object]] = None


def to_http(verb: str, request: Mapping[str, object]) -> HttpRequest:
    """The HTTP request for a verb.

    Raises:
        KlockError: ``INVALID_REQUEST`` for a name that cannot be part of a path.
    """
    return _ROUTES[verb](request)


def _lease(request: Mapping[str, object]) -> str:
    return f"/leases/{_segment(request, 'lease_id')}"


def _session(request: Mapping[str, object]) -> str:
    return f"/sessions/{_segment(request, 'agent_id')}/{_segment(request, 'session_id')}"


def _segment(request: Mapping[str, object], name: str) -> str:
    value = request.get(name)
    allowed = f"it must be a string of 1 to {_ID_BYTES} bytes"
    if not isinstance(value, str):
        raise KlockError("INVALID_REQUEST", f"{name} is of type {type(value).__name__}: {allowed}.")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise KlockError("INVALID_REQUEST", f"{name} contains a lone surrogate: {allowed} of UTF-8.") from None
    if not 1 <= size <= _ID_BYTES:
        raise KlockError("INVALID_REQUEST", f"{name} {f'has {size} bytes' if size else 'is empty'}: {allowed}.")
    # A name that consists of dots would be a relative part of the path.
    return quote(value, safe="").replace(".", "%2E") if value in (".", "..") else quote(value, safe="")


def _with_query(path: str, fields: Mapping[str, Any]) -> str:
    try:
        return f"{path}?{urlencode(fields)}" if fields else path
    except UnicodeEncodeError:
        raise KlockError("INVALID_REQUEST", "A filter contains a lone surrogate, and text must be valid Unicode.") from None


def _change(request: Mapping[str, object]) -> HttpRequest:
    return HttpRequest("PATCH", _lease(request), {name: value for name, value in request.items() if name != "lease_id"})


def _heartbeat(request: Mapping[str, object]) -> HttpRequest:
    ttl = {name: value for name, value in request.items() if name != "lease_id"}
    return HttpRequest("POST", f"{_lease(request)}/heartbeat", ttl or None)


def _declare(manifest: Mapping[str, object]) -> HttpRequest:
    # With a ttl the same route would acquire the leases.
    asked = manifest
    if isinstance(manifest, Mapping):
        asked = {name: value for name, value in manifest.items() if name != "ttl"}
    return HttpRequest("POST", "/intents", asked)


_ROUTES: Dict[str, Callable[[Mapping[str, object]], HttpRequest]] = {
    "register_agent": lambda request: HttpRequest("POST", "/agents", request),
    "acquire": lambda request: HttpRequest("POST", "/leases", request),
    "acquire_all": lambda request: HttpRequest("POST", "/intents", request),
    "declare_intents": _declare,
    "heartbeat": _heartbeat,
    "release": lambda request: HttpRequest("DELETE", _lease(request)),
    "revoke": lambda request: HttpRequest("POST", f"{_lease(request)}/revoke"),
    "change_lease": _change,
    "renew_session": lambda request: HttpRequest("POST", f"{_session(request)}/heartbeat"),
    "end_session": lambda request: HttpRequest("DELETE", _session(request)),
    "list_leases": lambda request: HttpRequest("GET", _with_query("/leases", request)),
    "list_waiters": lambda request: HttpRequest("GET", _with_query("/waiters", request)),
    "list_agents": lambda request: HttpRequest("GET", _with_query("/agents", request)),
    "snapshot": lambda request: HttpRequest("GET", _with_query("/snapshot", request)),
    "events": lambda request: HttpRequest("GET", _with_query("/events", request)),
    "health": lambda request: HttpRequest("GET", "/health"),
    "evict_expired": lambda request: HttpRequest("POST", "/evict"),
}
