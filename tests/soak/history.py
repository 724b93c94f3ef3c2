"""A record, arranged for the rules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Optional, Tuple

from record import Entry

GRANTED, OK, REFUSED, UNKNOWN, EXPIRED = 201, 200, 409, 404, 410


@dataclass
class Grant:
    """A lease that somebody was told of.

    Attributes:
        ask: the request that it answers.
        told: later requests for it, in the order in which they were sent.
    """

    lease: str
    token: int
    resource: str
    predicate: str
    ask: Entry
    told: List[Entry] = field(default_factory=list)

    @property
    def who(self) -> Tuple[str, str]:
        """Agent and session."""
        return self.ask["agent"], self.ask["session"]

    def successes(self) -> List[Entry]:
        """The requests from whose sending the lease lasts its ttl."""
        return [self.ask] + [ask for ask in self.told if ask["verb"] != "release" and ask["status"] in (OK, GRANTED)]

    def until(self, before: Optional[float] = None) -> float:
        """Until when its holder may count on it; of requests that were answered before a time, if one is given."""
        known = [ask for ask in self.successes() if before is None or ask["answered"] <= before]
        return max((ask["sent"] + ask["ttl"] / 1000 for ask in known), default=0.0)

    def given_back(self) -> Optional[Entry]:
        """Its release."""
        return next((ask for ask in self.told if ask["verb"] == "release"), None)


class History:
    """All that the rules ask about."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_kind: Dict[str, List[Entry]] = {}
        for entry in entries:
            by_kind.setdefault(entry["kind"], []).append(entry)
        self.settings: Entry = (by_kind.get("settings") or [{}])[0]
        self.asks = sorted(by_kind.get("ask", []), key=lambda ask: ask["first"])
        self.looks, self.faults, self.reads = by_kind.get("look", []), by_kind.get("fault", []), by_kind.get("read", [])
        self.end: Optional[Entry] = (by_kind.get("end") or [None])[0]
        self.batches: List[Entry] = [batch for read in self.reads for batch in read["batches"]]
        self.grants: Dict[str, Grant] = {}
        self.told_twice: List[str] = []
        self._of_session: Dict[Tuple[str, str], List[Grant]] = {}
        for ask in self.asks:
            self._take(ask)
        self._lower = _Steps(self._known_by())
        later = sorted((ask["first"], token) for ask, token in self.tokens())
        self._sent = [sent for sent, _ in later]
        # The lowest token of all that were asked for then or later.
        self._lowest = [token for _, token in later]
        for at in range(len(later) - 2, -1, -1):
            self._lowest[at] = min(self._lowest[at], self._lowest[at + 1])

    def tokens(self) -> Iterable[Tuple[Entry, int]]:
        """Every fencing token that was told, with the request that it answers."""
        for grant in self.grants.values():
            yield grant.ask, grant.token
            for ask in grant.told:
                if ask["verb"] == "change" and ask["status"] == GRANTED:
                    yield ask, ask["answer"]["data"]["fencing_token"]

    def interval(self, sent: float, answered: float) -> Tuple[int, int]:
        """The numbers between which the state was that a request with these times was judged by: the lowest and the highest possible."""
        lowest = self._lower.at(sent)
        at = bisect_left(self._sent, answered)
        last = self.batches[-1]["events"][-1]["sequence"] if self.batches else 0
        return lowest, (self._lowest[at] - 1 if at < len(self._lowest) else last)

    def _known_by(self) -> Iterable[Tuple[float, int]]:
        for read in self.reads:
            yield read["answered"], read["batches"][-1]["events"][-1]["sequence"]
        for ask, token in self.tokens():
            yield ask["answered"], token

    def _take(self, ask: Entry) -> None:
        if ask["verb"] == "end":
            for grant in self._of_session.pop((ask["agent"], ask["session"]), []):
                grant.told.append({**ask, "verb": "release", "of_session": True})
            return
        if ask["verb"] != "acquire":
            if ask["lease"] in self.grants:
                self.grants[ask["lease"]].told.append(ask)
            return
        if ask["status"] != GRANTED:
            return
        for lease in leases_of(ask["answer"]):
            grant = Grant(lease["lease_id"], lease["fencing_token"], lease["resource"], lease["predicate"], ask)
            if grant.lease in self.grants:
                self.told_twice.append(grant.lease)
            self.grants[grant.lease] = grant
            self._of_session.setdefault(grant.who, []).append(grant)


def leases_of(answer: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Of a grant: its leases."""
    data = answer["data"]
    return data.get("leases", [data])


class _Steps:
    """The highest number so far, at any time."""

    def __init__(self, known: Iterable[Tuple[float, int]]) -> None:
        self._times: List[float] = []
        self._numbers: List[int] = []
        highest = 0
        for time, number in sorted(known):
            highest = max(highest, number)
            self._times.append(time)
            self._numbers.append(highest)

    def at(self, time: float) -> int:
        at = bisect_right(self._times, time)
        return self._numbers[at - 1] if at else 0
