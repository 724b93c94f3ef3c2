"""What the processes write down about the race, to hand back when it is over."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping


@dataclass(frozen=True)
class Moment:
    """One answer of Klock, as the agent got it. `at` is in seconds on the machine's monotonic clock."""

    at: float
    agent: str
    note: str
    verdict: str  # GRANT, WAIT or DIE; WAIT_TIMEOUT if the wait was in vain
    answer: Mapping[str, Any]


@dataclass
class LeaseLog:
    """How one process fared when it asked for leases: every answer, and per lease the time from request to grant."""

    moments: List[Moment] = field(default_factory=list)
    times_ms: List[float] = field(default_factory=list)


@dataclass
class AgentRecord:
    """One agent's race. Times are in seconds on the machine's monotonic clock."""

    name: str
    started_at: float = 0.0
    finished_at: float = 0.0
    half_written: int = 0  # how often what it read was no whole file, and it read again
    errors: List[str] = field(default_factory=list)  # every exception the agent saw
    leases: LeaseLog = field(default_factory=LeaseLog)


@dataclass
class ReaderRecord:
    """What the reader saw: how many reads, and how many were not a whole, valid Python file."""

    reads: int = 0
    torn: int = 0
    leases: LeaseLog = field(default_factory=LeaseLog)
