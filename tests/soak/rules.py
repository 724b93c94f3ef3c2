"""The rules. Each gives a sentence for everything that breaks it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

from history import EXPIRED, GRANTED, OK, REFUSED, UNKNOWN, Grant, History
from model import Replay
from names import conflict, meet, weaker
from record import Entry
from limits import RECOVERS_WITHIN_S

Rule = Callable[[History, Replay], Iterator[str]]


class Belief(NamedTuple):
    """That a client may believe it holds a lease, from one time to another."""

    since: float
    until: float
    grant: Grant
    predicate: str


def _beliefs(grant: Grant) -> Iterator[Belief]:
    back = grant.given_back()
    end = min(grant.until(), back["first"] if back else float("inf"))
    since, predicate = grant.ask["answered"], grant.predicate
    for ask in grant.told:
        if ask["verb"] != "change" or ask["status"] == REFUSED:
            continue
        yield Belief(since, min(ask["first"], end), grant, predicate)
        # While nobody knows which it is, it may be the one that excludes less.
        either = weaker(predicate, ask["predicate"])
        is_known = ask["status"] == GRANTED
        yield Belief(ask["first"], min(ask["answered"], end) if is_known else end, grant, either)
        since, predicate = ask["answered"], ask["predicate"] if is_known else either
    yield Belief(since, end, grant, predicate)


def no_overlap(history: History, _: Replay) -> Iterator[str]:
    """1. Two that conflict never both believe that they hold what they asked for."""
    open_: List[Belief] = []
    beliefs = [belief for grant in history.grants.values() for belief in _beliefs(grant) if belief.since < belief.until]
    for belief in sorted(beliefs, key=lambda each: each.since):
        open_ = [other for other in open_ if other.until > belief.since]
        for other in open_:
            if other.grant.who != belief.grant.who and conflict(other.predicate, belief.predicate) \
                    and meet(other.grant.resource, belief.grant.resource):
                yield (f"{other.grant.lease} ({other.grant.resource} {other.predicate}, {other.grant.who}) and {belief.grant.lease} "
                       f"({belief.grant.resource} {belief.predicate}, {belief.grant.who}) are both held from {belief.since:.3f} "
                       f"to {min(other.until, belief.until):.3f}")
        open_.append(belief)


def tokens_rise(history: History, _: Replay) -> Iterator[str]:
    """2. Tokens are unique, and who asks after another was answered gets a higher one."""
    tokens = list(history.tokens())
    by_token: Dict[int, int] = {}
    for _, token in tokens:
        by_token[token] = by_token.get(token, 0) + 1
    for token, times in by_token.items():
        if times > 1:
            yield f"token {token} was given {times} times"
    for lease in history.told_twice:
        yield f"lease {lease} was given twice"
    answered = sorted((ask["answered"], token) for ask, token in tokens)
    times, highest = [time for time, _ in answered], []
    for _, token in answered:
        highest.append(max(token, highest[-1] if highest else 0))
    for ask, token in tokens:
        before = bisect_right(times, ask["first"])
        if before and highest[before - 1] >= token:
            yield f"token {token}, asked for at {ask['first']:.3f}, is not above {highest[before - 1]}, which was answered before that"


def seen_everywhere(history: History, _: Replay) -> Iterator[str]:
    """3. What one server answered, every server knows."""
    for look in history.looks:
        grant = history.grants.get(look["lease"])
        if grant is None:
            continue
        back = grant.given_back()
        if look["status"] == OK:
            if back and back["status"] == OK and look["sent"] > back["answered"]:
                yield f"{grant.lease} was released at {back['answered']:.3f}, and {look['server']} has it at {look['sent']:.3f}"
        elif look["sent"] > grant.ask["answered"] and look["answered"] < grant.until(before=look["sent"]) \
                and not (back and back["first"] < look["answered"]):
            yield f"{grant.lease} is held, and {look['server']} says {look['status']} at {look['sent']:.3f}"


def nothing_ends_early(history: History, _: Replay) -> Iterator[str]:
    """4. No lease ends before the time of its holder is up."""
    for grant in history.grants.values():
        for ask in grant.told:
            if ask["status"] in (UNKNOWN, EXPIRED) and (ask["verb"] != "release" or ask["tries"] == 1) \
                    and ask["answered"] < grant.until(before=ask["first"]):
                yield f"{grant.lease}: {ask['verb']} is told {ask['status']} {grant.until(ask['first']) - ask['answered']:.3f} s too early"
    for read in history.reads:
        for event in (event for batch in read["batches"] for event in batch["events"]):
            grant = history.grants.get(event.get("lease", ""))
            if event["kind"] == "expired" and grant is not None and read["answered"] < grant.until():
                yield f"{grant.lease} has expired {grant.until() - read['answered']:.3f} s before its holder's time is up"


def journal_is_right(history: History, replay: Replay) -> Iterator[str]:
    """5. The journal has no gap and no conflict, it has all that was answered once, and all servers end with what it says."""
    yield from replay.faults
    events = _by_lease(history)
    for grant in history.grants.values():
        own = events.get(grant.lease, [])
        yield from _answered_once(grant, own)
    yield from _granted_once(history)
    yield from _ends(history, replay)


# What an answer does not show: that a server did it again when it had not heard that it was done.
def _granted_once(history: History) -> Iterator[str]:
    asked = Counter((ask["agent"], ask["session"], *each) for ask in history.asks if ask.get("once") for each in ask["wanted"])
    granted = Counter((event["agent"], event["session"], event["resource"], event["predicate"]) for batch in history.batches
                      for event in batch["events"] if event["kind"] == "granted" and "request" not in event)
    for request, times in asked.items():
        if granted[request] > times:
            yield f"{request} was asked for {times} times without an id, and granted {granted[request]} times"


def _answered_once(grant: Grant, events: List[Entry]) -> Iterator[str]:
    granted = [event for event in events if event["kind"] == "granted"]
    if len(granted) != 1:
        yield f"{grant.lease} was granted, and the journal has that {len(granted)} times"
    elif (granted[0]["token"], granted[0]["resource"], granted[0]["predicate"], granted[0]["agent"], granted[0]["session"]) != \
            (grant.token, grant.resource, grant.predicate, *grant.who):
        yield f"{grant.lease} was granted otherwise than the journal has it"
    for ask in grant.told:
        if ask["verb"] == "change" and ask["status"] == GRANTED:
            token = ask["answer"]["data"]["fencing_token"]
            if sum(event["sequence"] == token and event["kind"] in ("changed", "granted") for event in events) != 1:
                yield f"{grant.lease} was changed with token {token}, and the journal does not have that"
        if ask["verb"] == "release" and ask["status"] == OK:
            # A session's end that was asked for again ends what is left: a lease may have expired before that.
            ends = ("released", "expired") if ask.get("of_session") and ask["tries"] > 1 else ("released",)
            if sum(event["kind"] in ends for event in events) != 1:
                yield f"{grant.lease} was released, and the journal does not have that once"


def _by_lease(history: History) -> Dict[str, List[Entry]]:
    events: Dict[str, List[Entry]] = {}
    for batch in history.batches:
        for event in batch["events"]:
            if "lease" in event:
                events.setdefault(event["lease"], []).append(event)
    return events


def _ends(history: History, replay: Replay) -> Iterator[str]:
    if history.end is None:
        yield "the run did not get to its end"
        return
    expected = sorted((lease, fact.resource, fact.predicate, *fact.who) for lease, fact in replay.held.items())
    for server, leases in history.end["leases"].items():
        if not isinstance(leases, list):
            yield f"{server} does not list its leases at the end: {leases}"
            continue
        listed = sorted((each["id"], each["resource"], each["predicate"], each["agent_id"], each["session_id"]) for each in leases)
        if listed != expected:
            differ = set(listed) ^ set(expected)
            yield f"{server} ends with {len(listed)} leases and the journal with {len(expected)}; they differ in {sorted(differ)[:4]}"


def refusals_are_true(history: History, replay: Replay) -> Iterator[str]:
    """6. A refusal names what really was in the way, all of it at one time between its sending and its answer."""
    for ask in history.asks:
        if ask["status"] != REFUSED or ask["verb"] not in ("acquire", "change"):
            continue
        wanted: List[Tuple[str, str]] = [tuple(each) for each in ask["wanted"]] if ask["verb"] == "acquire" else \
            [(history.grants[ask["lease"]].resource, ask["predicate"])] if ask["lease"] in history.grants else []
        named = ask["answer"].get("conflicts", [])
        for each in named:
            if (each["agent_id"], each["session_id"]) == (ask["agent"], ask["session"]) or not any(
                    meet(each["resource"], resource) and conflict(each["predicate"], predicate) for resource, predicate in wanted):
                yield f"{ask['name']} is refused {wanted} at {ask['answered']:.3f} because of {each}, which is not in the way"
        if not named and ask.get("wait"):
            # It was over just as nothing was in the way any more: its time was up, or its session got something else.
            continue
        if not named or not _had(replay, named, *history.interval(ask["sent"], ask["answered"])):
            yield f"{ask['name']} is refused {wanted} at {ask['answered']:.3f} by {ask['server']} because of what never was: {named}"


def _had(replay: Replay, named: List[Entry], lowest: int, highest: int) -> bool:
    spans: List[List[Tuple[int, int]]] = []
    for each in named:
        key = each["agent_id"], each["session_id"], each["resource"], each["predicate"], each["state"]
        spans.append([(fact.first, fact.before) for fact in replay.facts.get(key, []) if fact.first <= highest and fact.before > lowest])
    moments = {lowest} | {first for span in spans for first, _ in span if first > lowest}
    return any(all(any(first <= moment < before for first, before in span) for span in spans) for moment in moments)


def all_recover(history: History, _: Replay) -> Iterator[str]:
    """7. When a fault is over, every server grants within 10 s."""
    grants = grants_by_server(history)
    for fault in history.faults:
        for server, times in grants.items():
            after = bisect_right(times, fault["healed"])
            if after == len(times) or times[after] > fault["healed"] + RECOVERS_WITHIN_S:
                yield f"{server} grants nothing for {RECOVERS_WITHIN_S:.0f} s after the end of '{fault['what']}' at {fault['healed']:.3f}"


def grants_by_server(history: History) -> Dict[str, List[float]]:
    """When each server answered a grant, in order."""
    times: Dict[str, List[float]] = {server: [] for server in history.settings.get("servers", [])}
    for ask in history.asks:
        if ask["verb"] == "acquire" and ask["status"] == GRANTED:
            times.setdefault(ask["server"], []).append(ask["answered"])
    return {server: sorted(answered) for server, answered in times.items()}


ALL: Dict[str, Rule] = {
    "1 no overlap": no_overlap,
    "2 tokens rise": tokens_rise,
    "3 seen everywhere": seen_everywhere,
    "4 nothing ends early": nothing_ends_early,
    "5 the journal is right": journal_is_right,
    "6 refusals are true": refusals_are_true,
    "7 all recover": all_recover,
}


def check(history: History) -> Dict[str, List[str]]:
    """What breaks each rule."""
    replay = Replay(history.batches)
    return {name: list(rule(history, replay)) for name, rule in ALL.items()}
