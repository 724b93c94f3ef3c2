"""One agent at work."""

from __future__ import annotations

import os
from typing import Any, Mapping, Optional, Sequence

from . import _requests as requests
from ._client import KlockClient
from ._coordinator import Coordinator
from ._errors import KlockError
from ._foreign import AcquiringClient, coordinator_of
from ._guard import LeaseGuard
from ._paths import Path
from ._results import Mode, ResourceType
from ._wanted import Named, Wanted, named, named_file, named_files, predicate_of, wait_ms_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._async_agent import AsyncAgent

_SERVER, _SOCKET, _NAMESPACE = "KLOCK_SERVER", "KLOCK_SOCKET", "KLOCK_NAMESPACE"


class Klock(Coordinator):
    """One agent at work: ``with klock.file("src/auth.py"):`` holds the file while the block reads, changes and writes it.

    Any thread may use it, but all of it is one session, which does not keep itself out: make one ``Klock`` for each agent
    that works at the same time. Closing it, as ``with`` does, releases everything that its session holds.

    It has the methods of its client too, so it can be used wherever a client is wanted.

    Attributes:
        client: For all other requests.
        agent_id: Who works.
        namespace: The namespace of its requests; None to leave it to the environment and the server.
    """

    def __init__(
        self,
        client: AcquiringClient,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        priority: Optional[int] = None,
        *,
        namespace: Optional[str] = None,
    ) -> None:
        """Uses a client, which it closes when it is closed.

        Args:
            client: The store: a ``KlockClient``, a ``KlockHttpClient``, or any object with ``acquire_lease`` and ``release_lease``,
                which is not closed.
            agent_id: 1 to 256 bytes; random if it is left out.
            session_id: 1 to 256 bytes; random if it is left out, and then another one in each forked process.
            priority: 0 to 2**64 - 1, the lower the more senior; if it is left out, an agent is as old as its first request. It is
                registered now in a store of this process, else by the first request: no constructor asks a server for anything.
            namespace: 1 to 256 bytes, see ``acquire_lease``; ``KLOCK_NAMESPACE`` if it is left out, else the repository's name if the
                server demands one.

        Raises:
            KlockError: ``AGENT_BUSY`` when the agent has another priority and holds something.
        """
        for name, value in (("agent_id", agent_id), ("session_id", session_id), ("namespace", namespace)):
            if value is not None and not (isinstance(value, str) and value):
                raise KlockError("INVALID_REQUEST", f"{name} is {value!r:.64}: it must be a string of 1 to 256 bytes, or left out.")
        self.client: Coordinator = client.client if isinstance(client, Klock) else coordinator_of(client, "client")
        self.agent_id = agent_id if agent_id is not None else random_agent_id()
        self.namespace = namespace
        self._given_session = session_id
        self._random_session = RandomSession()
        self._owner = os.getpid()
        if priority is not None:
            self.client._register_first(self.agent_id, requests.priority(priority))

    @classmethod
    def embedded(
        cls,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        priority: Optional[int] = None,
        *,
        storage: str = "auto",
        namespace: Optional[str] = None,
    ) -> "Klock":
        """Opens a store in this process.

        Args:
            storage: ``auto``: the store that ``klock where`` shows, which all share who work in this repository; a server, if
                ``KLOCK_SERVER`` or ``KLOCK_SOCKET`` names one. ``sqlite:<path>``: every process that names the file shares it.
                ``memory``: this object alone sees it.

        Raises:
            KlockError: As ``KlockClient`` and the constructor do.
        """
        return cls._owning(_door(storage), agent_id, session_id, priority, namespace)

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
        namespace: Optional[str] = None,
    ) -> "Klock":
        """Uses a server, which is started when none answers at a local URL. The arguments are ``KlockHttpClient``'s.

        Raises:
            KlockError: As ``KlockHttpClient`` and the constructor do.
        """
        from ._http_client import KlockHttpClient  # here: most programs have no server, and http.client is slow to load

        client = KlockHttpClient(base_url, api_key, timeout_ms, auto_start, startup_timeout_ms, server_command)
        return cls._owning(client, agent_id, session_id, priority, namespace)

    @property
    def session_id(self) -> str:
        """Which run of the agent. If none was given, each process gets its own, so that forked workers exclude each other."""
        return self._given_session if self._given_session is not None else self._random_session()

    @property
    def aio(self) -> "AsyncAgent":
        """The same agent for asyncio: ``async with klock.aio.file("src/auth.py"):``."""
        from ._async_agent import AsyncAgent  # here: only event loops need it

        return AsyncAgent(self)

    def file(
        self, path: Path, mode: Mode = "mutate", ttl_ms: int = 60_000, max_retries: int = 10, *, note: Optional[str] = None
    ) -> LeaseGuard:
        """Waits for a file, and holds it until the guard is released: at the end of ``with klock.file(path):``, or by ``release``.

        Args:
            path: The file, or ``dir/**`` for a directory and all beneath it. It is made canonical now (``canonical_path``), so
            that everybody who means this file, from whatever folder or work tree, uses the same name. It need not exist.
            mode: read, mutate, delete, rename, provide (create) or depend (needs it to exist).
            ttl_ms: How long the lease outlives this process, 1 ms to 24 h. It is renewed while it is held.
            max_retries: How many seconds to wait for it at the most; 0 not to wait, and no more than an hour.
            note: Why, for whoever is refused, up to 1 KiB.

        Raises:
            KlockConflictError: It is not granted.
            KlockError: ``INVALID_REQUEST``. Leaving the block raises ``KlockLeaseLostError`` when the lease ended before the block.
        """
        return LeaseGuard(self.client, self._wanted([named_file(path)], mode, ttl_ms, max_retries, note))

    def files(
        self, *paths: Path, mode: Mode = "mutate", ttl_ms: int = 60_000, max_retries: int = 10, note: Optional[str] = None
    ) -> LeaseGuard:
        """As ``file``, for several: all of them or none, in one step. While it waits it holds none of them."""
        return LeaseGuard(self.client, self._wanted(named_files(paths), mode, ttl_ms, max_retries, note))

    def resource(
        self,
        resource_type: ResourceType,
        path: Path,
        mode: Mode = "mutate",
        ttl_ms: int = 60_000,
        max_retries: int = 10,
        *,
        note: Optional[str] = None,
    ) -> LeaseGuard:
        """As ``file``, for anything that has a name: ``klock.resource("CUSTOM", "deploy:staging")``.

        Args:
            resource_type: FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM.
            path: Its name. That of a SYMBOL is ``file#name``; the file is made canonical, and a ``/`` in the name is written ``%2F``.
        """
        return LeaseGuard(self.client, self._wanted([named(resource_type, path)], mode, ttl_ms, max_retries, note))

    def rename(
        self, old: Path, new: Path, ttl_ms: int = 60_000, max_retries: int = 10, *, note: Optional[str] = None
    ) -> LeaseGuard:
        """As ``files``, for renaming a file: RENAMES on the old name and PROVIDES on the new one."""
        return LeaseGuard(self.client, self._renaming(old, new, ttl_ms, max_retries, note))

    def _wanted(self, resources: Sequence[Named], mode: str, ttl_ms: int, max_retries: int, note: Optional[str]) -> Wanted:
        return self._wanting(resources, [predicate_of(mode)] * len(resources), ttl_ms, max_retries, note)

    def _renaming(self, old: Path, new: Path, ttl_ms: int, max_retries: int, note: Optional[str]) -> Wanted:
        return self._wanting([named_file(old), named_file(new)], ["RENAMES", "PROVIDES"], ttl_ms, max_retries, note)

    def _wanting(
        self, resources: Sequence[Named], predicates: Sequence[str], ttl_ms: int, max_retries: int, note: Optional[str]
    ) -> Wanted:
        wait_ms, namespace = wait_ms_of(max_retries), namespace_or_environment(self.namespace)
        return Wanted(self.agent_id, self.session_id, resources, predicates, ttl_ms, wait_ms, note, namespace)

    @classmethod
    def _owning(
        cls,
        client: Coordinator,
        agent_id: Optional[str],
        session_id: Optional[str],
        priority: Optional[int],
        namespace: Optional[str],
    ) -> "Klock":
        try:
            return cls(client, agent_id, session_id, priority, namespace=namespace)
        except BaseException:
            client.close()
            raise

    def close(self) -> None:
        """Ends the session, which releases all it holds, and closes the client. Closing again does nothing.

        In a forked process a session id that was given stays open: it is the parent's.
        """
        if self._given_session is None or self._owner == os.getpid():
            try:
                self.client.end_session(self.agent_id, self.session_id)
            except KlockError:
                pass  # closed already, or the store fails: what the session holds expires
        self.client.close()

    def __repr__(self) -> str:
        return f"<Klock {self.agent_id!r} in session {self.session_id!r} on {self.client!r}>"

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        return self.client._ask(verb, request)

    async def _ask_async(self, verb: str, request: Mapping[str, object]) -> Any:
        return await self.client._ask_async(verb, request)

    def _is_closed(self) -> bool:
        return self.client._is_closed()


def namespace_or_environment(namespace: Optional[str]) -> Optional[str]:
    """The namespace that was given, else that of the environment."""
    return namespace if namespace is not None else os.environ.get(_NAMESPACE) or None


def _door(storage: str) -> Coordinator:
    if storage == "auto":
        server, socket = os.environ.get(_SERVER), os.environ.get(_SOCKET)
        if server or socket:
            from ._http_client import KlockHttpClient

            return KlockHttpClient(server or f"unix:{os.path.abspath(socket or '')}", auto_start=False)
    return KlockClient(storage)


class RandomSession:
    """A random session id, and another one in each forked process: with a copied one they would not exclude each other."""

    def __init__(self) -> None:
        self._made = (os.getpid(), _new_session_id())

    def __call__(self) -> str:
        if self._made[0] != os.getpid():
            self._made = (os.getpid(), _new_session_id())
        return self._made[1]


def random_agent_id() -> str:
    """The name of an agent that nobody else has."""
    return f"agent-{os.urandom(8).hex()}"


def _new_session_id() -> str:
    return f"session-{os.urandom(8).hex()}"
