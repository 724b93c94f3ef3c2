"""Klock: leases for agents that work on the same files, databases and configuration.

An agent holds a lease on what it is about to touch, so that nobody's work is overwritten::

    from klock import Klock

    with Klock.embedded("agent-a") as klock:
        with klock.file("src/auth.py"):
            ...  # read, change, write

Underneath, every request gets a verdict, GRANT, WAIT or DIE::

    import uuid
    from klock import KlockClient

    session = uuid.uuid4().hex  # one run of an agent
    with KlockClient("auto") as client:
        client.register_agent("agent-a", 1)
        lease = client.acquire_lease("agent-a", session, "FILE", "src/auth.ts", "MUTATES", 60_000, wait_ms=5_000)
        if lease["success"]:
            ...  # edit the file
            client.release_lease(lease["lease_id"])
"""

from ._client import KlockClient
from ._errors import (
    KlockArgumentError,
    KlockConflictError,
    KlockError,
    KlockLeaseLostError,
    KlockTimeoutError,
    KlockWaitTimeoutError,
    KlockWarning,
)
from ._version import __version__

# Not typing's: that module alone takes as long to load as all that a client needs. Type checkers know this name too.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._async_agent import AsyncAgent
    from ._async_klock import AsyncKlock
    from ._facade import Klock
    from ._guard import AsyncLeaseGuard, KlockFileGuard, LeaseGuard
    from ._http_client import KlockHttpClient
    from ._paths import canonical_path
    from ._protected import klock_protected
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
        Mode,
        Predicate,
        ResourceType,
        Snapshot,
        SnapshotLease,
        WaiterInfo,
    )

__all__ = [
    "AgentInfo",
    "AsyncAgent",
    "AsyncKlock",
    "AsyncLeaseGuard",
    "Conflict",
    "EventInfo",
    "IntentVerdict",
    "Klock",
    "KlockArgumentError",
    "KlockClient",
    "KlockConflictError",
    "KlockError",
    "KlockFileGuard",
    "KlockHttpClient",
    "KlockLeaseLostError",
    "KlockTimeoutError",
    "KlockWaitTimeoutError",
    "KlockWarning",
    "LeaseGranted",
    "LeaseGuard",
    "LeaseInfo",
    "LeaseRefused",
    "LeaseResult",
    "LeasesGranted",
    "LeasesResult",
    "Mode",
    "Predicate",
    "ResourceType",
    "Snapshot",
    "SnapshotLease",
    "WaiterInfo",
    "__version__",
    "canonical_path",
    "klock_protected",
]


# Loaded at their first use: an agent's tool starts a process for one lease, and most need none of these.
_LATER = {
    "AsyncAgent": "_async_agent",
    "AsyncKlock": "_async_klock",
    "AsyncLeaseGuard": "_guard",
    "Klock": "_facade",
    "KlockFileGuard": "_guard",
    "KlockHttpClient": "_http_client",
    "LeaseGuard": "_guard",
    "canonical_path": "_paths",
    "klock_protected": "_protected",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'klock' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER.get(name, '_results')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted({*globals(), *__all__})
