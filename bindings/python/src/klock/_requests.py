"""The request of each method."""

from __future__ import annotations

from ._errors import KlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Sequence

    Request = Dict[str, object]


def acquire(
    agent_id: str,
    session_id: str,
    resource_type: str,
    resource_path: str,
    predicate: str,
    ttl: int,
    wait_ms: int,
    note: Optional[str],
    request_id: Optional[str],
    namespace: Optional[str] = None,
) -> Request:
    """For one lease."""
    return {
        "agent_id": agent_id,
        "session_id": session_id,
        "resource_type": resource_type,
        "resource_path": resource_path,
        "predicate": predicate,
        "ttl": ttl,
        "wait_ms": _number("wait_ms", wait_ms),
        **given(note=note, request_id=request_id, namespace=namespace),
    }


def acquire_all(
    agent_id: str,
    session_id: str,
    intents: Sequence[Mapping[str, object]],
    ttl: int,
    wait_ms: int,
    note: Optional[str],
    request_id: Optional[str],
    namespace: Optional[str] = None,
) -> Request:
    """For several leases or none."""
    return {
        "agent_id": agent_id,
        "session_id": session_id,
        "intents": intents,
        "ttl": ttl,
        "wait_ms": _number("wait_ms", wait_ms),
        **given(note=note, request_id=request_id, namespace=namespace),
    }


def heartbeat(lease_id: str, ttl: Optional[int]) -> Request:
    """A renewal, with another ttl from now on if one is given."""
    return {"lease_id": lease_id, **given(ttl=ttl)}


def change(lease_id: str, predicate: str, wait_ms: int) -> Request:
    """Another predicate for a lease."""
    return {"lease_id": lease_id, "predicate": predicate, "wait_ms": _number("wait_ms", wait_ms)}


def events(after: int, limit: int) -> Request:
    """For what happened."""
    return {"after": _number("after", after), "limit": _number("limit", limit)}


def session(agent_id: str, session_id: str) -> Request:
    """For a session as a whole."""
    return {"agent_id": agent_id, "session_id": session_id}


def priority(value: int) -> int:
    """The priority of an agent, which is checked before it is sent some time later."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**64:
        raise KlockError("INVALID_REQUEST", f"priority is {str(value)[:64]}: it must be an integer, 0 to 18446744073709551615.")
    return value


def registrations(to_register: Mapping[str, int], verb: str, request: Mapping[str, Any]) -> List[Dict[str, Any]]:
    """What has to be sent before a request: the registration of its agent, if that is still to come and the verb is judged by it."""
    is_judged = verb in ("acquire", "acquire_all", "declare_intents") and isinstance(request, dict)
    agent_id = request.get("agent_id") if is_judged else None
    priority = to_register.get(agent_id) if isinstance(agent_id, str) else None
    return [] if priority is None else [{"agent_id": agent_id, "priority": priority}]


def _number(name: str, value: int) -> int:
    # JSON's null would mean the default, but a caller who passes None may well mean "for ever".
    if value is None:
        raise KlockError("INVALID_REQUEST", f"{name} is None: it must be an integer.")
    return value


def given(**fields: object) -> Request:
    """The optional fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
