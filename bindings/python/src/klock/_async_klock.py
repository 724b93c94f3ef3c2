"""The verbs of a client for asyncio."""

from __future__ import annotations

from types import TracebackType
from typing import Any, List, Literal, Mapping, Optional, Sequence, Type, Union

from . import _requests as requests
from ._answers import lease_result, leases_result
from ._client import KlockClient
from ._coordinator import Coordinator
from ._errors import KlockError
from ._async_agent import AsyncAgent
from ._facade import Klock
from ._pages import ask_all_async
from ._results import AgentInfo, EventInfo, IntentVerdict, LeaseInfo, LeaseResult, LeasesResult
from ._results import Predicate, ResourceType, Snapshot, WaiterInfo


class AsyncKlock:
    """The methods of ``KlockClient`` as coroutines. The event loop is never blocked, also while a thousand tasks wait.

    One thread collects the answers to all that wait. A cancelled task leaves no place in the queue and no lease. Arguments,
    results and errors are those of the method of the same name of ``KlockClient``.

    Attributes:
        client: The client that it uses; for use outside of the loop.
    """

    def __init__(self, store: Union[str, Coordinator] = "memory") -> None:
        """Opens a store, or uses a client, which is closed when this object is.

        Args:
            store: ``memory``, ``auto`` or ``sqlite:<path>``, as ``KlockClient`` takes it, or a client.

        Raises:
            KlockError: As ``KlockClient`` does.
        """
        self.client: Coordinator = store if isinstance(store, Coordinator) else KlockClient(store)

    def __repr__(self) -> str:
        return f"AsyncKlock({self.client!r})"

    def agent(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        priority: Optional[int] = None,
        *,
        namespace: Optional[str] = None,
    ) -> AsyncAgent:
        """One agent at work on this store: ``async with klock.agent("a").file("src/auth.py"):``.

        Raises:
            KlockError: As ``Klock`` does.
        """
        return Klock(self.client, agent_id, session_id, priority, namespace=namespace).aio

    async def register_agent(self, agent_id: str, priority: int) -> None:
        """Gives an agent its priority: the lower, the more senior."""
        await self._ask("register_agent", {"agent_id": agent_id, "priority": priority})

    async def acquire_lease(
        self,
        agent_id: str,
        session_id: str,
        resource_type: ResourceType,
        resource_path: str,
        predicate: Predicate,
        ttl: int,
        *,
        wait_ms: int = 0,
        note: Optional[str] = None,
        request_id: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> LeaseResult:
        """Asks for a lease, and waits for it up to ``wait_ms`` ms."""
        request = requests.acquire(
            agent_id, session_id, resource_type, resource_path, predicate, ttl, wait_ms, note, request_id, namespace
        )
        return lease_result(await self._ask("acquire", request))

    async def acquire_all(
        self,
        agent_id: str,
        session_id: str,
        intents: Sequence[Mapping[str, object]],
        ttl: int,
        *,
        wait_ms: int = 0,
        note: Optional[str] = None,
        request_id: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> LeasesResult:
        """Asks for several leases in one step: all of them or none."""
        request = requests.acquire_all(agent_id, session_id, intents, ttl, wait_ms, note, request_id, namespace)
        return leases_result(await self._ask("acquire_all", request))

    async def change_lease(self, lease_id: str, predicate: Predicate, *, wait_ms: int = 0) -> LeaseResult:
        """Changes the predicate of a lease in place. A change that was made when its task is cancelled stays."""
        return lease_result(await self._ask("change_lease", requests.change(lease_id, predicate, wait_ms)))

    async def release_lease(self, lease_id: str) -> bool:
        """Releases a lease. False when it had ended before or was never there."""
        return await self._is_done("release", {"lease_id": lease_id})

    async def heartbeat_lease(self, lease_id: str, *, ttl: Optional[int] = None) -> bool:
        """Renews a lease, with another ttl from now on if one is given. False when it had ended."""
        return await self._is_done("heartbeat", requests.heartbeat(lease_id, ttl))

    async def revoke_lease(self, lease_id: str) -> bool:
        """Takes a lease away from its holder, as an operator. False when it had ended before or was never there."""
        return await self._is_done("revoke", {"lease_id": lease_id})

    async def renew_session(self, agent_id: str, session_id: str) -> int:
        """Renews all leases of a session and returns how many."""
        renewed: int = (await self._ask("renew_session", requests.session(agent_id, session_id)))["data"]["renewed"]
        return renewed

    async def end_session(self, agent_id: str, session_id: str) -> int:
        """Releases all leases of a session in one step and returns how many; its waits raise ``CLOSED``."""
        released: int = (await self._ask("end_session", requests.session(agent_id, session_id)))["data"]["released"]
        return released

    async def list_leases(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> List[LeaseInfo]:
        """The active leases, or those of an agent, of a session, of a namespace, or that meet a resource written ``TYPE:path``."""
        wanted = requests.given(agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace)
        leases: List[LeaseInfo] = await ask_all_async(lambda request: self._ask("list_leases", request), wanted)
        return leases

    async def list_waiters(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> List[WaiterInfo]:
        """What is waited for, one entry a resource: the queue first, then what is parked."""
        wanted = requests.given(agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace)
        waiters: List[WaiterInfo] = await ask_all_async(lambda request: self._ask("list_waiters", request), wanted)
        return waiters

    async def list_agents(self) -> List[AgentInfo]:
        """The agents that the store remembers."""
        agents: List[AgentInfo] = await ask_all_async(lambda request: self._ask("list_agents", request), {})
        return agents

    async def snapshot(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
        *,
        limit: Optional[int] = None,
        agents: Optional[Literal["all", "none"]] = None,
    ) -> Snapshot:
        """Leases, waiters and agents as they are at one event, in one read: ``events(after=sequence)`` goes on exactly there."""
        wanted = requests.given(
            agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace, limit=limit, agents=agents
        )
        shown: Snapshot = (await self._ask("snapshot", wanted))["data"]
        return shown

    async def events(self, after: int = 0, limit: int = 100) -> List[EventInfo]:
        """What happened in the store, oldest first."""
        events: List[EventInfo] = (await self._ask("events", requests.events(after, limit)))["data"]
        return events

    async def declare_intent(self, manifest: Mapping[str, object]) -> IntentVerdict:
        """Asks what a whole manifest would get, and acquires nothing."""
        verdict: IntentVerdict = await self._ask("declare_intents", manifest)
        return verdict

    async def active_lease_count(self) -> int:
        """How many leases are active now."""
        return len(await self.list_leases())

    async def evict_expired(self) -> int:
        """Sweeps leases that have expired and returns how many. Never needed."""
        evicted: int = (await self._ask("evict_expired", {}))["data"]["evicted"]
        return evicted

    def close(self) -> None:
        """Closes the client. Leases stay; tasks that wait raise ``CLOSED``. Closing again does nothing."""
        self.client.close()

    async def __aenter__(self) -> "AsyncKlock":
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    async def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        return await self.client._ask_async(verb, request)

    async def _is_done(self, verb: str, request: Mapping[str, object]) -> bool:
        try:
            await self._ask(verb, request)
        except KlockError as error:
            if error.code in ("UNKNOWN_LEASE", "EXPIRED"):
                return False
            raise
        return True
