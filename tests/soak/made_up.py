"""Histories that nobody lived through, for the tests of the checker."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from history import History
from record import Entry
from rules import check

SERVERS = ["k1", "k2", "k3"]


class MadeUp:
    """A history in which all is well, as long as nobody adds what is not. Times are in seconds, each answer takes 10 ms."""

    def __init__(self) -> None:
        self.entries: List[Entry] = [{"kind": "settings", "servers": SERVERS}]
        self.events: List[Entry] = [{"sequence": 1, "kind": "created"}]
        self.ended: Optional[Dict[str, Any]] = None
        self._leases: Dict[str, Dict[str, Any]] = {}

    @property
    def next(self) -> int:
        """The number of the next event."""
        return self.events[-1]["sequence"] + 1

    def event(self, kind: str, **fields: Any) -> int:
        """Appends to the journal; gives the event's number."""
        number = fields.pop("sequence", self.next)
        self.events.append({"sequence": number, "kind": kind, **fields})
        return number

    def ask(self, verb: str, at: float, status: int, answer: Any = None, agent: str = "a", **fields: Any) -> Entry:
        """A request."""
        entry = {"kind": "ask", "verb": verb, "name": agent, "first": at, "sent": at, "answered": at + 0.01, "server": "k1", "tries": 1,
                 "status": status, "answer": answer, "agent": agent, "session": "s", "ttl": 1_000, **fields}
        self.entries.append(entry)
        return entry

    def grant(self, lease: str, at: float, agent: str = "a", resource: str = "FILE:f", predicate: str = "MUTATES", **fields: Any) -> Entry:
        """A lease that is granted, in journal and answer."""
        token = fields.pop("token", None) or self.grant_event(lease, agent, resource, predicate)
        data = {"lease_id": lease, "fencing_token": token, "resource": resource, "predicate": predicate}
        return self.ask("acquire", at, 201, {"data": data}, agent, wanted=[[resource, predicate]], **fields)

    def grant_event(self, lease: str, agent: str = "a", resource: str = "FILE:f", predicate: str = "MUTATES", **fields: Any) -> int:
        """A grant in the journal alone."""
        number = self.next
        self._leases[lease] = {"id": lease, "resource": resource, "predicate": predicate, "agent_id": agent, "session_id": "s"}
        return self.event("granted", lease=lease, token=number, agent=agent, session="s", resource=resource, predicate=predicate, **fields)

    def end_event(self, lease: str, kind: str = "released") -> int:
        """The end of a lease in the journal."""
        self._leases.pop(lease, None)
        return self.event(kind, lease=lease)

    def release(self, lease: str, at: float, agent: str = "a", **fields: Any) -> Entry:
        """A lease that is released, in journal and answer."""
        self.end_event(lease)
        return self.ask("release", at, 200, agent=agent, lease=lease, **fields)

    def refuse(self, at: float, because_of: str, agent: str = "b", state: str = "held", **fields: Any) -> Entry:
        """A refusal because somebody else has MUTATES on the file."""
        named = {"agent_id": because_of, "session_id": "s", "resource": "FILE:f", "predicate": "MUTATES", "state": state}
        return self.ask("acquire", at, 409, {"reason": "DIE", "conflicts": [named]}, agent, wanted=[["FILE:f", "MUTATES"]], **fields)

    def look(self, lease: str, at: float, status: int) -> None:
        """A look at another server."""
        self.entries.append({"kind": "look", "lease": lease, "sent": at, "answered": at + 0.01, "server": "k2", "status": status})

    def fault(self, at: float, healed: float) -> None:
        """A fault."""
        self.entries.append({"kind": "fault", "what": "leader killed", "from": at, "healed": healed})

    def history(self, read_at: float = 1_000.0) -> History:
        """All of it, the journal read at once and then."""
        batches = [{"id": f"k1/{number}", "before": f"k1/{number - 1}" if number else None, "after": event["sequence"] - 1,
                    "events": [event]} for number, event in enumerate(self.events)]
        read = {"kind": "read", "sent": read_at, "answered": read_at, "batches": batches}
        leases = self.ended or {server: list(self._leases.values()) for server in SERVERS}
        return History([*self.entries, read, {"kind": "end", "at": read_at, "leases": leases}])

    def broken(self, read_at: float = 1_000.0) -> Dict[str, List[str]]:
        """What the checker finds, of each rule by its number; rules that hold are left out."""
        return {name.split()[0]: found for name, found in check(self.history(read_at)).items() if found}
