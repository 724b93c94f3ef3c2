"""The journal once more, followed by a list of leases and a list of waits in which every pair is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from names import conflict, meet
from record import Entry

_FOREVER = 1 << 62
_ENDS = ("released", "expired", "revoked")


@dataclass
class Fact:
    """That somebody holds or waits for something, from one number of the journal on and before another.

    Attributes:
        state: held or waiting.
        first: the number of the lease's grant, or of the place in the queue.
    """

    who: Tuple[str, str]
    resource: str
    predicate: str
    state: str
    first: int
    before: int = _FOREVER

    def excludes(self, who: Tuple[str, str], resource: str, predicate: str) -> bool:
        """Whether it is in the way of that."""
        return self.who != who and conflict(self.predicate, predicate) and meet(self.resource, resource)


class Replay:
    """Follows all events. What does not fit is in `faults`; what was the case, and when, in `facts`."""

    def __init__(self, batches: List[Entry]) -> None:
        self.faults: List[str] = []
        self.facts: Dict[Tuple[str, str, str, str, str], List[Fact]] = {}
        self.held: Dict[str, Fact] = {}
        self._requests: Dict[Tuple[str, str, str], List[Tuple[str, str]]] = {}
        # A wait, and what it waits for: two that share a place share the list.
        self._places: Dict[str, List[Fact]] = {}
        self._names: Dict[str, Tuple[str, str, Optional[str]]] = {}
        self._left: Dict[str, List[Fact]] = {}
        self._wanted_by: Dict[str, str] = {}
        self._last: Optional[int] = None
        self._last_batch: Optional[str] = None
        for batch in batches:
            for event in self._in_order(batch):
                self._follow(event)

    def _in_order(self, batch: Entry) -> List[Entry]:
        for event in batch["events"]:
            number = event["sequence"]
            if self._last is None and event["kind"] != "created":
                self.faults.append(f"the journal was not read from its beginning, but from {number}")
            elif self._last is not None and number != self._last + 1:
                self.faults.append(f"event {number} follows event {self._last}")
            self._last = number
        if batch["events"][0]["kind"] != "created" and batch["after"] != batch["events"][0]["sequence"] - 1:
            self.faults.append(f"a batch after {batch['after']} begins with {batch['events'][0]['sequence']}")
        if batch["before"] != self._last_batch:
            self.faults.append(f"batch {batch['id']} after {batch['after']} names {batch['before']} before it, which is {self._last_batch}")
        self._last_batch = batch["id"]
        return batch["events"]

    def _follow(self, event: Entry) -> None:
        kind = event["kind"]
        if kind == "granted":
            self._grant(event)
        elif kind == "changed":
            self._change(event)
        elif kind in _ENDS or kind == "renewed":
            self._renew_or_end(event)
        elif kind in ("queued", "parked"):
            self._wait(event)
        elif kind == "promoted":
            self._open(event["wait"]["id"], event["sequence"])
        elif kind == "wait ended":
            self._end_wait(event)

    def _grant(self, event: Entry) -> None:
        number, who, lease = event["sequence"], (event["agent"], event["session"]), event["lease"]
        fact = Fact(who, event["resource"], event["predicate"], "held", number)
        if lease in self.held:
            self.faults.append(f"{number}: lease {lease} is granted a second time")
        if event.get("token") != number:
            self.faults.append(f"{number}: the grant has token {event.get('token')}")
        self._check_request(event)
        self._check_held(number, fact, "granted")
        self._check_queue(number, fact, lease)
        self._begin(fact)
        self.held[lease] = fact

    # One request is granted once, unless what it got before has run out meanwhile.
    def _check_request(self, event: Entry) -> None:
        if "request" not in event:
            return
        key = event["agent"], event["session"], event["request"]
        earlier = self._requests.setdefault(key, [])
        for resource, lease in earlier:
            if resource == event["resource"] and lease in self.held:
                self.faults.append(f"{event['sequence']}: request {event['request']} is granted {resource} while it has it")
        earlier.append((event["resource"], event["lease"]))

    def _check_held(self, number: int, fact: Fact, what: str) -> None:
        for lease, other in self.held.items():
            if other is not fact and other.excludes(fact.who, fact.resource, fact.predicate):
                self.faults.append(f"{number}: {fact.resource} {fact.predicate} is {what} to {fact.who} while {other.who} has "
                                   f"{other.resource} {other.predicate}, lease {lease}")

    # Whoever waits in the queue is passed by nobody who comes later, unless he waits behind that very session.
    def _check_queue(self, number: int, fact: Fact, lease: str) -> None:
        own = self._own_place(lease)
        queued = (each for facts in self._places.values() if facts is not own for each in facts if each.state == "waiting")
        if any(other.who == fact.who for other in (*self.held.values(), *queued)):
            return
        place = own[0].first if own and own[0].state == "waiting" else number
        for wait, facts in self._places.items():
            for other in facts if facts is not own else []:
                if other.state == "waiting" and other.first < place and other.excludes(fact.who, fact.resource, fact.predicate):
                    self.faults.append(f"{number}: {fact.resource} is granted to {fact.who} past wait {wait} of {other.who}")

    # A wait ends before its grants, or after them.
    def _own_place(self, lease: str) -> List[Fact]:
        wait = self._wanted_by.get(lease, "")
        return self._places.get(wait) or self._left.get(wait, [])

    def _change(self, event: Entry) -> None:
        fact = self._known(event)
        if fact is None:
            return
        self._close(fact, event["sequence"])
        changed = Fact(fact.who, fact.resource, event["predicate"], "held", event["sequence"])
        self.held[event["lease"]] = changed
        self._check_held(event["sequence"], changed, "changed")
        self._begin(changed)

    def _renew_or_end(self, event: Entry) -> None:
        fact = self._known(event)
        if fact is not None and event["kind"] != "renewed":
            self._close(fact, event["sequence"])
            del self.held[event["lease"]]

    def _known(self, event: Entry) -> Optional[Fact]:
        fact = self.held.get(event["lease"])
        if fact is None:
            self.faults.append(f"{event['sequence']}: lease {event['lease']}, which nobody has, is {event['kind']}")
        return fact

    def _wait(self, event: Entry) -> None:
        wait, number = event["wait"], event["sequence"]
        for lease, _, _ in wait["wanted"]:
            self._wanted_by[lease] = wait["id"]
        shared = self._place_of_request(event) if wait["joined"] else None
        self._places[wait["id"]] = shared if shared is not None else [
            Fact((event["agent"], event["session"]), resource, predicate, "parked", number) for _, resource, predicate in wait["wanted"]]
        self._names[wait["id"]] = event["agent"], event["session"], event.get("request")
        if event["kind"] == "queued" and shared is None:
            self._open(wait["id"], number)

    def _place_of_request(self, event: Entry) -> Optional[List[Fact]]:
        name = event["agent"], event["session"], event.get("request")
        return next((self._places[wait] for wait, other in self._names.items() if other == name and wait in self._places), None)

    def _open(self, wait: str, number: int) -> None:
        for fact in self._places.get(wait, []):
            if fact.state != "waiting":
                fact.state, fact.first = "waiting", number
                self._begin(fact)

    def _end_wait(self, event: Entry) -> None:
        wait = event["wait"]["id"]
        facts = self._places.pop(wait, None)
        self._left[wait] = facts or []
        self._names.pop(wait, None)
        if facts is None:
            self.faults.append(f"{event['sequence']}: wait {wait}, which nobody waits, ends")
        elif not any(other is facts for other in self._places.values()):
            for fact in facts:
                self._close(fact, event["sequence"])

    def _begin(self, fact: Fact) -> None:
        self.facts.setdefault((*fact.who, fact.resource, fact.predicate, fact.state), []).append(fact)

    @staticmethod
    def _close(fact: Fact, number: int) -> None:
        fact.before = number
