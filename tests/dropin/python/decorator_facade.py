"""The decorator over the facade, which has the verbs of a client."""

from klock import Klock, klock_protected

klock = Klock.embedded(agent_id="refactor-bot", session_id="session-1", priority=100)
klock.register_agent("lint-bot", 200)


@klock_protected(klock, "lint-bot", "session-2", "FILE", lambda kwargs: kwargs["path"], "CONSUMES")
def count(path: str) -> int:
    """Count the leases."""
    return klock.active_lease_count()


lease = klock.acquire_lease("refactor-bot", "session-1", "FILE", "/docs/guide.md", "CONSUMES", 60000)
print(count("/docs/guide.md"), "readers at once")
print(count.__name__, "-", count.__doc__)
print("released:", klock.release_lease(lease["lease_id"]))

# It prints:
#   2 readers at once
#   count - Count the leases.
#   released: True
