"""One agent at work in an event loop."""

from __future__ import annotations

from typing import Optional

from ._facade import Klock
from ._guard import AsyncLeaseGuard
from ._paths import Path
from ._results import Mode, ResourceType
from ._wanted import Wanted, named, named_file, named_files


class AsyncAgent:
    """One agent at work in an event loop: what ``Klock`` has, to be used with ``async with``, or awaited.

    ``async with agent.file("src/auth.py"):`` waits for the file without blocking the loop, and holds it in the block;
    ``guard = await agent.file("src/auth.py")`` holds it until ``await guard.release()``.

    Attributes:
        agent: The agent.
    """

    def __init__(self, agent: Klock) -> None:
        self.agent = agent

    def file(
        self, path: Path, mode: Mode = "mutate", ttl_ms: int = 60_000, max_retries: int = 10, *, note: Optional[str] = None
    ) -> AsyncLeaseGuard:
        """A file, as ``Klock.file``."""
        return self._guard(self.agent._wanted([named_file(path)], mode, ttl_ms, max_retries, note))

    def files(
        self, *paths: Path, mode: Mode = "mutate", ttl_ms: int = 60_000, max_retries: int = 10, note: Optional[str] = None
    ) -> AsyncLeaseGuard:
        """Several files or none, as ``Klock.files``."""
        return self._guard(self.agent._wanted(named_files(paths), mode, ttl_ms, max_retries, note))

    def resource(
        self,
        resource_type: ResourceType,
        path: Path,
        mode: Mode = "mutate",
        ttl_ms: int = 60_000,
        max_retries: int = 10,
        *,
        note: Optional[str] = None,
    ) -> AsyncLeaseGuard:
        """Anything that has a name, as ``Klock.resource``."""
        return self._guard(self.agent._wanted([named(resource_type, path)], mode, ttl_ms, max_retries, note))

    def rename(
        self, old: Path, new: Path, ttl_ms: int = 60_000, max_retries: int = 10, *, note: Optional[str] = None
    ) -> AsyncLeaseGuard:
        """A file's old and new name, as ``Klock.rename``."""
        return self._guard(self.agent._renaming(old, new, ttl_ms, max_retries, note))

    def __repr__(self) -> str:
        return f"<AsyncAgent of {self.agent!r}>"

    def _guard(self, wanted: Wanted) -> AsyncLeaseGuard:
        return AsyncLeaseGuard(self.agent.client, wanted)
