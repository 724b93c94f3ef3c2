"""The shapes of the answers. All times are milliseconds since the Unix epoch, all durations milliseconds."""

from __future__ import annotations

from typing import List, Literal, Optional, TypedDict, Union


class LeaseGranted(TypedDict):
    """A lease that was given. ``lease_id`` is the right to release it: keep it to yourself."""

    success: Literal[True]
    lease_id: str
    agent_id: str
    resource: str
    predicate: str
    expires_at: int
    fencing_token: int


class LeasesGranted(TypedDict):
    """Leases that were given in one step, in the order in which they were asked for."""

    success: Literal[True]
    leases: List[LeaseGranted]


class Conflict(TypedDict):
    """Who stands in the way, without the id of the lease. ``note`` is None when none was given.

    ``state`` is ``held`` for a lease, which ends at ``expires_at``, and ``waiting`` for a request that was in the queue
    before, whose time to wait is over then.
    """

    agent_id: str
    session_id: str
    resource: str
    predicate: str
    state: Literal["held", "waiting"]
    expires_at: int
    note: Optional[str]


class LeaseRefused(TypedDict):
    """A lease that was not given, and nothing else was taken or lost.

    ``reason``: ``WAIT``, the asker is older than all in the way and may ask again, best with ``wait_ms``; ``DIE``, it is
    younger than one of them and has to release what it holds, read again and start over; ``WAIT_TIMEOUT``, ``wait_ms`` is
    over. ``wait_time`` (0 to 1,000) is when to look again; ``conflicts`` lists at most 16, oldest first.
    """

    success: Literal[False]
    reason: Literal["WAIT", "DIE", "WAIT_TIMEOUT"]
    wait_time: int
    message: str
    conflicts: List[Conflict]


LeaseResult = Union[LeaseGranted, LeaseRefused]
"""``if result["success"]:`` tells the two apart, for a type checker too."""

LeasesResult = Union[LeasesGranted, LeaseRefused]
"""As ``LeaseResult``, for several leases: all of them or none."""


class LeaseInfo(TypedDict):
    """An active lease as ``list_leases`` shows it. ``note`` is None when the holder gave none."""

    id: str
    agent_id: str
    session_id: str
    resource: str
    predicate: str
    state: str
    acquired_at: int
    ttl: int
    expires_at: int
    last_heartbeat: int
    fencing_token: int
    note: Optional[str]


class AgentInfo(TypedDict):
    """A registered agent. The lower the priority, the older, that is the more senior, the agent."""

    agent_id: str
    priority: int


class IntentVerdict(TypedDict):
    """What a declared manifest would get. Nothing is held and nothing is left behind."""

    success: bool
    agent_id: str
    session_id: str
    status: Literal["Granted", "Wait", "Die"]
    reason: Optional[str]
    held_by: Optional[str]
    conflicts: List[str]
    retry_after_ms: Optional[int]


class _AnyEvent(TypedDict):
    seq: int
    kind: str


class EventInfo(_AnyEvent, total=False):
    """Something that happened. ``seq`` rises by one from event to event; ``kind`` says which of the other fields there are.

    ``first_missing`` belongs to the kind ``GAP``, which stands for the events from there to ``seq`` that are gone. A lease is
    told by its ``fencing_token``; the id, which is the right to release it, is never told.
    """

    at: int
    agent_id: str
    session_id: str
    resource: str
    predicate: str
    priority: int
    fencing_token: int
    expires_at: int
    note: Optional[str]
    wait_until: int
    intents: int
    reason: str
    outcome: str
    first_missing: int
