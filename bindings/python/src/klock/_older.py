"""Servers that speak the wire of the original Klock and nothing newer: what cannot work there fails in words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Optional

_CODES = {400: "INVALID_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "UNKNOWN_LEASE", 410: "EXPIRED"}
_ADVICE = "Start the klock serve of this package there."


def with_code(status: int, answer: "Any") -> "Any":
    """The answer; an error that has no code gets that of its HTTP status."""
    if answer["success"] or any(name in answer for name in ("code", "reason", "status")):
        return answer
    said = answer.get("error") or answer.get("message") or f"it said {status} and nothing else"
    return {"success": False, "code": _CODES.get(status, "INTERNAL"), "error": str(said)}


def older_server(verb: str, request: "Mapping[str, Any]", answer: "Mapping[str, Any]") -> "Optional[str]":
    """Why an answer is not what the request asked for; None when it is. An older server ignores what it does not know."""
    if verb == "declare_intents":
        return None
    if "status" in answer or (answer["success"] and "data" not in answer):
        return f"it did something else for {verb}. {_ADVICE}"
    if verb == "acquire":
        return _not_heeded(request, answer)
    if verb == "list_leases" and any("fencing_token" not in lease for lease in answer["data"]):
        filters = [name for name in ("agent_id", "session_id", "resource", "namespace") if request.get(name)]
        return f"it lists all leases, whatever {filters[0]} says. {_ADVICE}" if filters else None
    return None


def _not_heeded(request: "Mapping[str, Any]", answer: "Mapping[str, Any]") -> "Optional[str]":
    if "fencing_token" in answer["data"] if answer["success"] else "conflicts" in answer:
        return None
    ignored = [name for name in ("wait_ms", "namespace") if request.get(name)]
    return f"it ignores {ignored[0]}. {_ADVICE}" if ignored else None
