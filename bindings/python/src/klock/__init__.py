"""Klock: leases for agents that work on the same files, databases and configuration.

An agent takes a lease on what it is about to touch and gets a verdict, GRANT, WAIT or DIE,
before anything is overwritten::

    from klock import KlockClient

    with KlockClient("sqlite:klock.db") as client:
        client.register_agent("agent-a", 1)
        lease = client.acquire_lease("agent-a", "session-1", "FILE", "src/auth.ts", "MUTATES", 60_000, wait_ms=5_000)
        if lease["success"]:
            ...  # edit the file
            client.release_lease(lease["lease_id"])
"""

from ._client import KlockClient
from ._errors import KlockError
from ._paths import canonical_path
from ._results import (
    AgentInfo,
    Conflict,
    EventInfo,
    IntentVerdict,
    LeaseGranted,
    LeaseInfo,
    LeaseRefused,
    LeaseResult,
    LeasesGranted,
    LeasesResult,
)
from ._version import __version__

__all__ = [
    "AgentInfo",
    "Conflict",
    "EventInfo",
    "IntentVerdict",
    "KlockClient",
    "KlockError",
    "LeaseGranted",
    "LeaseInfo",
    "LeaseRefused",
    "LeaseResult",
    "LeasesGranted",
    "LeasesResult",
    "__version__",
    "canonical_path",
]
