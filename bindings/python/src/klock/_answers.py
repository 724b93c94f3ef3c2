"""The library's answers in the flat shape that Python callers get."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Sequence

    from ._results import LeaseGranted, LeaseRefused, LeaseResult, LeasesResult

_GRANTED = ("success", "lease_id", "agent_id", "resource", "predicate", "expires_at")
_REFUSED = ("success", "reason", "wait_time", "message")


def lease_result(answer: Mapping[str, Any]) -> LeaseResult:
    """The answer to a request for one lease."""
    return _granted(answer["data"]) if answer["success"] else _refused(answer)


def leases_result(answer: Mapping[str, Any]) -> LeasesResult:
    """The answer to a request for several leases."""
    if answer["success"]:
        return {"success": True, "leases": [_granted(lease) for lease in answer["data"]["leases"]]}
    return _refused(answer)


def _granted(lease: Mapping[str, Any]) -> LeaseGranted:
    if "fencing_token" not in lease:
        older: LeaseGranted = _what_there_is({**lease, "success": True}, _GRANTED)
        return older
    granted: LeaseGranted = {
        "success": True,
        "lease_id": lease["lease_id"],
        "agent_id": lease["agent_id"],
        "resource": lease["resource"],
        "predicate": lease["predicate"],
        "expires_at": lease["expires_at"],
        "fencing_token": lease["fencing_token"],
    }
    if "namespace" in lease:
        granted["namespace"] = lease["namespace"]
    if "warning" in lease:
        granted["warning"] = lease["warning"]
    return granted


def _refused(answer: Mapping[str, Any]) -> LeaseRefused:
    if "conflicts" not in answer:
        older: LeaseRefused = _what_there_is(answer, _REFUSED)
        return older
    return {
        "success": False,
        "reason": answer["reason"],
        "wait_time": answer["wait_time"],
        "message": answer["message"],
        "conflicts": answer["conflicts"],
    }


def _what_there_is(answer: Mapping[str, Any], names: Sequence[str]) -> Any:
    """The answer of a server of the original Klock, which has fewer fields."""
    return {name: answer[name] for name in names if name in answer}
