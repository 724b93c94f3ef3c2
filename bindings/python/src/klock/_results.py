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


class Conflict(TypedDict):
    """Who stands in the way, without the id of the lease. ``note`` is None when the holder gave none."""

    agent_id: str
    session_id: str
    resource: str
    predicate: str
    state: Literal["held"]
    expires_at: int
    note: Optional[str]


class LeaseRefused(TypedDict):
    """A lease that was not given. ``wait_time`` (0 to 1,000) is when to look again; ``conflicts`` lists at most 16, oldest first."""

    success: Literal[False]
    reason: Literal["WAIT", "DIE"]
    wait_time: int
    message: str
    conflicts: List[Conflict]


LeaseResult = Union[LeaseGranted, LeaseRefused]
"""``if result["success"]:`` tells the two apart, for a type checker too."""


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
