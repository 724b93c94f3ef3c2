"""The shapes of the answers. All times are milliseconds since the Unix epoch, all durations milliseconds."""

from __future__ import annotations

from typing import List, Literal, Optional, TypedDict, Union


Predicate = Literal["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"]
"""What is done with a resource. ``CONSUMES`` and ``DEPENDS_ON`` go together, and each with ``PROVIDES``; all other pairs conflict."""

ResourceType = Literal["FILE", "SYMBOL", "API_ENDPOINT", "DATABASE_TABLE", "CONFIG_KEY", "CUSTOM"]
"""What kind of thing a resource is."""

Mode = Literal["read", "mutate", "delete", "rename", "provide", "depend"]
"""The purpose of a guard in the facade's words: CONSUMES, MUTATES, DELETES, RENAMES, PROVIDES, DEPENDS_ON."""


class _InNamespace(TypedDict, total=False):
    namespace: str


class _LeaseGranted(TypedDict):
    success: Literal[True]
    lease_id: str
    agent_id: str
    resource: str
    predicate: str
    expires_at: int
    fencing_token: int


class LeaseGranted(_LeaseGranted, _InNamespace, total=False):
    """A lease that was granted. ``lease_id`` is the right to release it: keep it secret.

    ``namespace`` is there when the resource is in one, ``warning`` when something about the request looks like a mistake, such as
    a session id that another live process uses too.
    """

    warning: str


class LeasesGranted(TypedDict):
    """Leases that were granted in one step, in the order in which they were asked for."""

    success: Literal[True]
    leases: List[LeaseGranted]


class _Conflict(TypedDict):
    agent_id: str
    session_id: str
    resource: str
    predicate: str
    state: Literal["held", "waiting"]
    expires_at: int
    note: Optional[str]


class Conflict(_Conflict, _InNamespace, total=False):
    """Who is in the way, without the id of the lease. ``note`` is None when none was given.

    ``state`` is ``held`` for a lease, which expires at ``expires_at``, and ``waiting`` for a request that was in the queue
    before, whose time to wait ends then. ``senior`` is there, and True, when its session was passed too often and is now older
    than all others.
    """

    senior: bool


class LeaseRefused(TypedDict):
    """A lease that was not granted; nothing else was granted or lost.

    ``reason``: ``WAIT``, the requester is older than all in the way and may ask again, best with ``wait_ms``; ``DIE``, it is
    younger than one of them and has to release what it holds, read again and start over; ``WAIT_TIMEOUT``, ``wait_ms`` is
    over. ``wait_time`` (0 to 1,000) is when to ask again; ``conflicts`` lists at most 16, oldest first.
    """

    success: Literal[False]
    reason: Literal["WAIT", "DIE", "WAIT_TIMEOUT"]
    wait_time: int
    message: str
    conflicts: List[Conflict]


LeaseResult = Union[LeaseGranted, LeaseRefused]
"""``if result["success"]:`` distinguishes the two, for a type checker too."""

LeasesResult = Union[LeasesGranted, LeaseRefused]
"""As ``LeaseResult``, for several leases: all of them or none."""


class _SnapshotLease(TypedDict):
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


class _LeaseInfo(_SnapshotLease):
    id: str


class LeaseInfo(_LeaseInfo, _InNamespace, total=False):
    """An active lease as ``list_leases`` shows it. ``note`` is None when the holder gave none."""

    senior: bool


class SnapshotLease(_SnapshotLease, _InNamespace, total=False):
    """An active lease as a snapshot shows it: a server leaves out ``id`` for a read-only key."""

    id: str
    senior: bool


class _WaiterInfo(TypedDict):
    agent_id: str
    session_id: str
    resource: str
    predicate: str
    state: Literal["queued", "parked"]
    wait_until: int
    note: Optional[str]


class WaiterInfo(_WaiterInfo, _InNamespace, total=False):
    """A waiting request as ``list_waiters`` shows it: one entry a resource.

    ``queued`` counts as a holder for later requests, ``parked`` blocks nobody; at ``wait_until`` its time to wait is over.
    """

    senior: bool


class AgentInfo(TypedDict):
    """A registered agent. The lower the priority, the older, that is the more senior, the agent."""

    agent_id: str
    priority: int


class SnapshotNext(TypedDict, total=False):
    """Where the lists of a snapshot go on that have more."""

    leases: int
    waiters: int
    agents: str


class Snapshot(TypedDict):
    """What is there at the event of the number ``sequence``; ``time`` is the store's, as ``2026-01-31T12:00:00.000Z``."""

    sequence: int
    time: str
    leases: List[SnapshotLease]
    waiters: List[WaiterInfo]
    agents: List[AgentInfo]
    next: SnapshotNext


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
    """An event. ``seq`` rises by one from event to event; ``kind`` says which of the other fields there are.

    ``first_missing`` belongs to the kind ``GAP``, which stands for the events from there to ``seq`` that are no longer kept. An event
    names a lease by its ``fencing_token``; the id, which is the right to release it, is never shown.
    """

    at: int
    agent_id: str
    session_id: str
    resource: str
    namespace: str
    predicate: str
    senior: bool
    priority: int
    fencing_token: int
    expires_at: int
    note: Optional[str]
    wait_until: int
    intents: int
    reason: str
    outcome: str
    first_missing: int
