"""Klock: leases for agents that work on the same files, databases and configuration.

An agent takes a lease on what it is about to touch and gets a verdict, GRANT, WAIT or DIE,
before anything is overwritten::

    from klock import KlockClient

    with KlockClient("sqlite:klock.db") as client:
        client.register_agent("agent-a", 1)
        lease = client.acquire_lease("agent-a", "session-1", "FILE", "src/auth.ts", "MUTATES", 60_000)
        if lease["success"]:
            ...  # edit the file
            client.release_lease(lease["lease_id"])
"""

from ._client import KlockClient
from ._errors import KlockError
from ._results import AgentInfo, Conflict, IntentVerdict, LeaseGranted, LeaseInfo, LeaseRefused, LeaseResult
from ._version import __version__

__all__ = [
    "AgentInfo",
    "Conflict",
    "IntentVerdict",
    "KlockClient",
    "KlockError",
    "LeaseGranted",
    "LeaseInfo",
    "LeaseRefused",
    "LeaseResult",
    "__version__",
]
