"""The rules by which an answer of the wire (SPEC section 3) becomes what each way of asking hands to its caller.

cases.json holds each answer once, as it is on the wire. Every surface is held against that answer, so that all agree.
"""

from __future__ import annotations

import re

_ABOUT_A_LEASE = ("heartbeat", "release", "revoke")
_LEASE_ENDED = ("UNKNOWN_LEASE", "EXPIRED")
_OF_A_GRANT = ("lease_id", "agent_id", "resource", "predicate", "expires_at", "fencing_token")
_OF_A_REFUSAL = ("reason", "wait_time", "message", "conflicts")
_COUNTS = {"renew_session": "renewed", "end_session": "released", "evict_expired": "evicted"}

_STATUS = {
    "INVALID_REQUEST": 400, "UNAUTHORIZED": 401, "FORBIDDEN": 403, "UNKNOWN_LEASE": 404, "AGENT_BUSY": 409, "EXPIRED": 410,
    "PAYLOAD_TOO_LARGE": 413, "STORAGE_UNAVAILABLE": 503, "CLOSED": 503,
}
_MAKES_SOMETHING = ("register_agent", "acquire", "acquire_all", "change_lease")
_EXIT = {
    "INVALID_REQUEST": 2, "PAYLOAD_TOO_LARGE": 2, "UNKNOWN_LEASE": 3, "EXPIRED": 3, "STORAGE_UNAVAILABLE": 4, "CLOSED": 4,
    "AGENT_BUSY": 6, "WAIT": 10, "DIE": 11, "WAIT_TIMEOUT": 12, "Granted": 0, "Wait": 10, "Die": 11,
}


def wire(verb, answer):
    """C: the library's own text."""
    return answer


def rest(verb, answer):
    """HTTP: the same, with a status."""
    if "code" in answer:
        return [_STATUS[answer["code"]], answer]
    if "reason" in answer and verb != "declare_intents":
        return [409, answer]
    return [201 if verb in _MAKES_SOMETHING else 200, answer]


def cli(verb, answer):
    """The command line with --json: the same, with an exit code. It registers an agent together with its first acquire."""
    if verb == "register_agent":
        return None
    verdict = answer.get("code") or answer.get("status") or answer.get("reason")
    return [_EXIT[verdict] if verdict else 0, answer]


def python(verb, answer, of_a_grant=_OF_A_GRANT):
    """Python: grants and refusals flat, data without its envelope, an ended lease as False, errors raised."""
    if "code" in answer:
        if verb in _ABOUT_A_LEASE and answer["code"] in _LEASE_ENDED:
            return False
        return {"raised": {"code": answer["code"], "message": answer["error"]}}
    if verb == "register_agent":
        return None
    if verb in _ABOUT_A_LEASE:
        return True
    if verb == "declare_intents":
        return answer
    if not answer["success"]:
        return {"success": False, **{name: answer[name] for name in _OF_A_REFUSAL}}
    data = answer["data"]
    if verb in _COUNTS:
        return data[_COUNTS[verb]]
    if verb == "acquire_all":
        return {"success": True, "leases": [_granted(lease, of_a_grant) for lease in data["leases"]]}
    return _granted(data, of_a_grant) if verb in ("acquire", "change_lease") else data


def node(verb, answer):
    """Node: as Python, with the session in a grant too, and all names in camelCase, those of fields in a sentence included."""
    shaped = camel(python(verb, answer, (*_OF_A_GRANT, "session_id")))
    return _with_camel_sentences(shaped) if isinstance(shaped, dict) else shaped


def camel(value):
    """A value with the names of its fields in camelCase."""
    if isinstance(value, list):
        return [camel(each) for each in value]
    if isinstance(value, dict):
        return {_camel_name(name): camel(each) for name, each in value.items()}
    return value


def _with_camel_sentences(shaped):
    if "raised" in shaped:
        return {"raised": _with_camel_sentences(shaped["raised"])}
    sentences = {name: re.sub(r"\b[a-z]+(_[a-z]+)+\b", lambda word: _camel_name(word.group()), shaped[name])
                 for name in ("message", "reason") if shaped.get(name)}
    return {**shaped, **sentences}


def _granted(lease, fields):
    return {"success": True, **{name: lease[name] for name in (*fields, "namespace") if name in lease}}


def _camel_name(name):
    return re.sub(r"_([a-z])", lambda letter: letter.group(1).upper(), name)
