"""Klock for one agent: who it is, said once."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Optional, Sequence, Type

from ._client import KlockClient
from ._coordinator import Coordinator
from ._errors import KlockError
from ._guard import LeaseGuard, Wanted, wait_ms_of
from ._paths import Path, canonical_path

_PREDICATES = {
    "read": "CONSUMES",
    "mutate": "MUTATES",
    "delete": "DELETES",
    "rename": "RENAMES",
    "provide": "PROVIDES",
    "depend": "DEPENDS_ON",
}


class Klock:
    """One agent at work: ``with klock.file("src/auth.py"):`` holds the file while the block reads, changes and writes it.

    Any thread may use it, but all of it is one session, which does not keep itself out: make one ``Klock`` for each agent
    that works at the same time. Closing it, as ``with`` does, lets everything go that its session holds.

    Attributes:
        client: For everything else that can be asked.
        agent_id: Who works.
        session_id: Which run of the agent.
    """

    def __init__(
        self, client: Coordinator, agent_id: Optional[str] = None, session_id: Optional[str] = None, priority: Optional[int] = None
    ) -> None:
        """Works through a client, which it closes when it is closed.

        Args:
            client: The store.
            agent_id: 1 to 256 bytes; random if it is left out.
            session_id: 1 to 256 bytes; random if it is left out.
            priority: 0 to 2**64 - 1, the lower the more senior; if it is left out, an agent is as old as its first request.

        Raises:
            KlockError: ``AGENT_BUSY`` when the agent has another priority and holds something.
        """
        self.client = client
        self.agent_id = agent_id if agent_id is not None else f"agent-{os.urandom(8).hex()}"
        self.session_id = session_id if session_id is not None else f"session-{os.urandom(8).hex()}"
        if priority is not None:
            client.register_agent(self.agent_id, priority)

    @classmethod
    def embedded(
        cls,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        priority: Optional[int] = None,
        *,
        storage: str = "memory",
    ) -> "Klock":
        """Opens a store in this process: ``memory``, or ``sqlite:<path>``, which every process that names the file shares.

        Raises:
            KlockError: As ``KlockClient`` and the constructor do.
        """
        return cls._owning(KlockClient(storage), agent_id, session_id, priority)

    @classmethod
    def local(
        cls,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        priority: Optional[int] = None,
        *,
        base_url: str = "http://localhost:3100",
        api_key: Optional[str] = None,
        timeout_ms: int = 5_000,
        auto_start: bool = True,
        startup_timeout_ms: int = 5_000,
        server_command: Optional[Sequence[str]] = None,
    ) -> "Klock":
        """Works through a server, which is started when none answers at a local URL. The arguments are ``KlockHttpClient``'s.

        Raises:
            KlockError: As ``KlockHttpClient`` and the constructor do.
        """
        from ._http_client import KlockHttpClient  # here: most programs have no server, and http.client takes its time to load

        client = KlockHttpClient(base_url, api_key, timeout_ms, auto_start, startup_timeout_ms, server_command)
        return cls._owning(client, agent_id, session_id, priority)

    def file(
        self, path: Path, mode: str = "mutate", ttl_ms: int = 60_000, max_retries: int = 10, *, note: Optional[str] = None
    ) -> LeaseGuard:
        """A guard for a file, for ``with`` or ``async with``.

        Args:
            path: The file, or ``dir/**`` for a directory and all beneath it. It is made canonical now (``canonical_path``), so
                that all who mean this file, from whatever folder or work tree, name the same one. It need not exist.
            mode: read, mutate, delete, rename, provide (create) or depend (needs it to exist).
            ttl_ms: How long the lease outlives this process, 1 ms to 24 h. It is renewed while the block runs.
            max_retries: How many seconds to wait for it at the most; 0 not to wait, and no more than an hour.
            note: Why, for whoever is refused, up to 1 KiB.

        Raises:
            KlockError: ``INVALID_REQUEST``. Entering the block raises ``KlockConflictError`` when the lease is not granted, and
                leaving it ``KlockLeaseLostError`` when it ended before the block.
        """
        predicate = _PREDICATES.get(mode) if isinstance(mode, str) else None
        if predicate is None:
            raise KlockError("INVALID_REQUEST", f"mode is {str(mode)[:64]!r}: it must be {', '.join(_PREDICATES)}.")
        name, _ = canonical_path(path)
        wanted = Wanted(self.agent_id, self.session_id, "FILE", name, predicate, ttl_ms, wait_ms_of(max_retries), note)
        return LeaseGuard(self.client, wanted)

    @classmethod
    def _owning(cls, client: Coordinator, agent_id: Optional[str], session_id: Optional[str], priority: Optional[int]) -> "Klock":
        try:
            return cls(client, agent_id, session_id, priority)
        except BaseException:
            client.close()
            raise

    def close(self) -> None:
        """Ends the session, which lets go of all it holds, and closes the client. Closing again does nothing."""
        try:
            self.client.end_session(self.agent_id, self.session_id)
        except KlockError:
            pass  # closed already, or a store that fails: what the session holds ends with its time
        self.client.close()

    def __enter__(self) -> "Klock":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()
