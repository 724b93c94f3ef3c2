"""The journal in etcd, read without Klock: src/Klock.Storage.Journal/Protos/journal.proto says what is in it."""

from __future__ import annotations

import base64
from typing import Any, Dict, Iterator, List, Optional, Tuple, Union

from members import Cluster, text_key
from record import now

KINDS = ("created", "registered", "forgotten", "granted", "renewed", "released", "expired", "revoked", "changed", "refused", "queued",
         "parked", "promoted", "wait ended", "kept alive", "resumed", "session shared")
PREDICATES = ("PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES")
TYPES = ("FILE", "SYMBOL", "API_ENDPOINT", "DATABASE_TABLE", "CONFIG_KEY", "CUSTOM")
_DIGITS = 19

Message = Dict[int, List[Union[int, bytes]]]


def parse(data: bytes) -> Message:
    """The fields of a message, by number, each as often as it comes."""
    fields: Message = {}
    for number, value in _fields(data):
        fields.setdefault(number, []).append(value)
    return fields


def _fields(data: bytes) -> Iterator[Tuple[int, Union[int, bytes]]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        if tag & 7 == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            length, at = _varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        else:
            raise ValueError(f"field {tag >> 3} has a wire type that the journal does not use")


def _varint(data: bytes, at: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _one(fields: Message, number: int, absent: Any = 0) -> Any:
    return fields[number][0] if number in fields else absent


def _text(fields: Message, number: int) -> Optional[str]:
    return fields[number][0].decode() if number in fields else None


def _id(fields: Message, number: int) -> Optional[str]:
    # As it is written in answers: the number in hexadecimal, of which the low byte is stored first.
    stored = _one(fields, number, b"")
    return stored[::-1].hex() if stored else None


def _resource(data: bytes) -> str:
    fields = parse(data)
    return f"{TYPES[_one(fields, 1)]}:{fields[2][0].decode()}"


def _wait(data: bytes) -> Dict[str, Any]:
    fields = parse(data)
    wanted = [parse(each) for each in fields.get(3, [])]
    return {"id": _id(fields, 1), "wanted": [[_id(each, 1), _resource(each[2][0]), PREDICATES[_one(each, 3)]] for each in wanted],
            "changes": bool(_one(fields, 4)), "joined": bool(_one(fields, 6)), "successor": _id(fields, 7), "outcome": _one(fields, 8)}


def read_event(data: bytes) -> Dict[str, Any]:
    """An event; fields that its kind does not have are left out."""
    fields = parse(data)
    event = {"sequence": _one(fields, 1), "kind": KINDS[_one(fields, 2)], "agent": _text(fields, 4), "lease": _id(fields, 6),
             "token": _one(fields, 7), "session": _text(fields, 9), "ttl": _one(fields, 14),
             "request": _text(fields, 17)}
    if 12 in fields:
        event["resource"] = _resource(fields[12][0])
        event["predicate"] = PREDICATES[_one(fields, 13)]
    if 20 in fields:
        event["wait"] = _wait(fields[20][0])
    return {name: value for name, value in event.items() if value}


def read_batch(value: bytes) -> Dict[str, Any]:
    """A batch: its name, the number and the name of what is before it, and its events."""
    fields = parse(value)
    return {"id": _name(fields, 2, 3), "after": _one(fields, 4), "before": _name(fields, 6, 7),
            "events": [read_event(each) for each in fields.get(5, [])]}


def _name(fields: Message, writer: int, number: int) -> Optional[str]:
    return f"{_id(fields, writer)}/{_one(fields, number)}" if writer in fields else None


class Reader:
    """Reads what was appended since the last time, at whichever member answers."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._last = cluster, 0

    def poll(self) -> Optional[Dict[str, Any]]:
        """A read entry of the record; None when there is nothing new.

        Raises:
            NoAnswer: no member answers.
        """
        body = {"key": text_key(f"klock/e/{self._last + 1:0{_DIGITS}}"), "range_end": text_key("klock/e0"), "limit": 500,
                # What a member has applied was decided for good, even if it cannot know now what came after it.
                "serializable": True}
        sent = now()
        answer = self._cluster.ask("kv/range", body)
        found = [read_batch(base64.b64decode(each["value"])) for each in answer.get("kvs", [])]
        if not found:
            return None
        entry = {"sent": sent, "answered": now(), "batches": found}
        self._last = found[-1]["events"][-1]["sequence"]
        return entry

    def head(self) -> int:
        """The number of the last event, as the cluster says, and not one member."""
        answer = self._cluster.ask("kv/range", {"key": text_key("klock/head")})
        return _one(parse(base64.b64decode(answer["kvs"][0]["value"])), 2)

    def snapshot(self) -> int:
        """The number that the last snapshot stands for, 0 when there is none."""
        answer = self._cluster.ask("kv/range", {"key": text_key("klock/snapshot")})
        return _one(parse(base64.b64decode(answer["kvs"][0]["value"])), 2) if "kvs" in answer else 0

    @property
    def last(self) -> int:
        """The number of the last event that was read."""
        return self._last
