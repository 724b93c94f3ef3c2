"""The requests that a store in this process and a server have in common."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod

from . import _requests as requests
from ._answers import lease_result, leases_result
from ._errors import KlockError
from ._pages import ask_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, List, Literal, Mapping, NoReturn, Optional, Sequence, Type, TypeVar

    from ._keeper import Keeper
    from ._results import AgentInfo, EventInfo, IntentVerdict, LeaseInfo, LeaseResult, LeasesResult
    from ._results import Predicate, ResourceType, Snapshot, WaiterInfo

    C = TypeVar("C", bound="Coordinator")


class Coordinator(ABC):
    """The methods of every client. A subclass sends the requests and receives the answers; any thread may call any method.

    Every method raises ``KlockError``: ``INVALID_REQUEST`` names the field that was wrong, ``CLOSED`` is a closed client,
    ``STORAGE_UNAVAILABLE`` a store that failed.
    """

    def register_agent(self, agent_id: str, priority: int) -> None:
        """Gives an agent its priority, 0 to 2**64 - 1: the lower, the older, and the older one wins.

        Raises:
            KlockError: ``AGENT_BUSY`` when the agent has another priority and holds a lease.
        """
        self._ask("register_agent", {"agent_id": agent_id, "priority": priority})

    def acquire_lease(
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
        """Asks for a lease, and returns it, or who is in the way.

        Args:
            agent_id: Who asks, 1 to 256 bytes.
            session_id: Which run of the agent, 1 to 256 bytes; one session never conflicts with itself.
            resource_type: FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM.
            resource_path: Up to 4 KiB. A FILE path that ends in ``/**`` is a directory and all beneath it.
            predicate: PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES.
            ttl: How long the lease lives from the grant on unless it is renewed, 1 ms to 24 h, in ms.
            wait_ms: How long to wait for the grant, up to 1 h, in ms; 0 to be answered at once. Only the calling thread waits.
                Ctrl-C ends the wait at once, and nothing of it is left. A session that holds something gets DIE at once.
            note: Why, for whoever is refused, up to 1 KiB.
            request_id: Up to 128 bytes. The same session asking again with the same one gets the lease it already
                got, or is about to get, so a lost answer costs nothing. What such a request got stays when its caller is
                interrupted or cancelled: another caller may have got the same answer.
            namespace: Which of several repositories, or tenants, on one server the resource is in, 1 to 256 bytes. Leases of
                different namespaces never meet.

        Raises:
            KlockError: ``CLOSED`` also when the client, or the session, ends while the call waits.
        """
        asked = (agent_id, session_id, resource_type, resource_path, predicate, ttl, wait_ms, note, request_id, namespace)
        return lease_result(self._acquire(*asked))

    def acquire_all(
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
        """Asks for several leases in one step: all of them or none. While it waits it holds none of them.

        Args:
            intents: 1 to 256 of ``{"predicate", "resource_type", "resource_path"}``. A rename is RENAMES on the old
                name and PROVIDES on the new one.

        The other arguments, and what is raised, are those of ``acquire_lease``. The leases come in the order of the intents.
        """
        request = requests.acquire_all(agent_id, session_id, intents, ttl, wait_ms, note, request_id, namespace)
        return leases_result(self._ask("acquire_all", request))

    def change_lease(self, lease_id: str, predicate: Predicate, *, wait_ms: int = 0) -> LeaseResult:
        """Changes the predicate of a lease in place: same id, a new fencing token, and a full ttl from now.

        A predicate that conflicts with no more than the old one is always granted, and so are the waiters that it frees. Refused, the
        lease stays what it was, also while the change waits; waiting does not renew it.

        Args:
            wait_ms: As for ``acquire_lease``, in ms.

        Raises:
            KlockError: ``EXPIRED`` or ``UNKNOWN_LEASE`` when the lease has ended, also while the change waited;
                ``INVALID_REQUEST`` also when another change of the lease is waiting.
        """
        return lease_result(self._ask("change_lease", requests.change(lease_id, predicate, wait_ms)))

    def release_lease(self, lease_id: str) -> bool:
        """Releases a lease. False when it had ended before or was never there."""
        return self._ask_about("release", lease_id)

    def heartbeat_lease(self, lease_id: str, *, ttl: Optional[int] = None) -> bool:
        """Renews a lease: it expires one ttl from now. False when it had ended: somebody else may hold what it guarded.

        Args:
            ttl: The lease's ttl from now on, 1 ms to 24 h, in ms; unchanged if it is left out.
        """
        if ttl is None:
            return self._ask_about("heartbeat", lease_id)
        return self._is_done(lambda: self._ask("heartbeat", requests.heartbeat(lease_id, ttl)))

    def revoke_lease(self, lease_id: str) -> bool:
        """Takes a lease away from its holder, as an operator. False when it had ended before or was never there."""
        return self._ask_about("revoke", lease_id)

    def renew_session(self, agent_id: str, session_id: str) -> int:
        """Renews all leases of a session, each for its own ttl from now, and returns how many. Its waits go on."""
        renewed: int = self._ask("renew_session", requests.session(agent_id, session_id))["data"]["renewed"]
        return renewed

    def end_session(self, agent_id: str, session_id: str) -> int:
        """Releases all leases of a session in one step and returns how many. Its waits end: they raise ``CLOSED``."""
        released: int = self._ask("end_session", requests.session(agent_id, session_id))["data"]["released"]
        return released

    def list_leases(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> List[LeaseInfo]:
        """The active leases, or those of an agent, of a session, of a namespace, or that meet a resource written ``TYPE:path``.

        Up to 100,000 are read at one moment, more in pages.
        """
        wanted = requests.given(agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace)
        leases: List[LeaseInfo] = ask_all(lambda request: self._ask("list_leases", request), wanted)
        return leases

    def list_waiters(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> List[WaiterInfo]:
        """What is waited for, one entry a resource: the queue first, then what is parked. The filters are ``list_leases``'s."""
        wanted = requests.given(agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace)
        waiters: List[WaiterInfo] = ask_all(lambda request: self._ask("list_waiters", request), wanted)
        return waiters

    def list_agents(self) -> List[AgentInfo]:
        """The agents that the store remembers."""
        agents: List[AgentInfo] = ask_all(lambda request: self._ask("list_agents", request), {})
        return agents

    def snapshot(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
        namespace: Optional[str] = None,
        *,
        limit: Optional[int] = None,
        agents: Optional[Literal["all", "none"]] = None,
    ) -> Snapshot:
        """Leases, waiters and agents as they are at one event, in one read: ``events(after=sequence)`` goes on exactly there.

        The filters are ``list_leases``'s; ``agent_id`` narrows down the agents too.

        Args:
            limit: At most so many entries of each list, 1 to 1,000. Without it all, up to 100,000. ``next`` names the lists with more.
            agents: ``"none"`` leaves the list of agents empty, which may be long.
        """
        wanted = requests.given(
            agent_id=agent_id, session_id=session_id, resource=resource, namespace=namespace, limit=limit, agents=agents
        )
        shown: Snapshot = self._ask("snapshot", wanted)["data"]
        return shown

    def events(self, after: int = 0, limit: int = 100) -> List[EventInfo]:
        """What happened in the store, oldest first: every grant, refusal, wait, renewal, change, end and registration.

        Args:
            after: Only events with a higher ``seq``: 0, or the last one that was read.
            limit: At most so many, 1 to 1,000. The history is bounded: an entry of the kind ``GAP`` stands for events no longer kept.
        """
        events: List[EventInfo] = self._ask("events", requests.events(after, limit))["data"]
        return events

    def declare_intent(self, manifest: Mapping[str, object]) -> IntentVerdict:
        """Asks what a whole manifest would get, and acquires nothing.

        Args:
            manifest: ``{"agent_id", "session_id", "intents": [{"predicate", "resource_type", "resource_path"}, …]}``
                with 1 to 256 intents.
        """
        verdict: IntentVerdict = self._ask("declare_intents", manifest)
        return verdict

    def active_lease_count(self) -> int:
        """How many leases are active now."""
        return len(self.list_leases())

    def evict_expired(self) -> int:
        """Sweeps leases that have expired and returns how many. Never needed: they block nobody before it either."""
        evicted: int = self._ask("evict_expired", {})["data"]["evicted"]
        return evicted

    @abstractmethod
    def close(self) -> None:
        """Closes the connection. Leases stay. Closing again does nothing."""

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        # A copied handle would be closed twice; sent to another process it could name a store of that process.
        raise TypeError(f"A {type(self).__name__} cannot be copied or pickled: make one in each process.")

    async def _ask_async(self, verb: str, request: Mapping[str, object]) -> Any:
        """As ``_ask``, without blocking the event loop. If the task is cancelled, nothing of the request is left."""
        from ._abandonable import call_in_thread  # here: only event loops need it

        return await call_in_thread(lambda: self._ask(verb, request), lambda answer: self._undo(verb, request, answer))

    def _undo(self, verb: str, request: Mapping[str, object], answer: Mapping[str, Any]) -> None:
        """Releases the leases of an answer that nobody is there to take.

        Not if the caller gave the request an id: another caller with the same id may have got the same leases.
        """
        if verb not in ("acquire", "acquire_all") or not answer["success"] or request.get("request_id") is not None:
            return
        data = answer["data"]
        for lease in data["leases"] if verb == "acquire_all" else [data]:
            try:
                self._ask("release", {"lease_id": lease["lease_id"]})
            except KlockError:
                pass  # it has ended, or expires

    def _register_first(self, agent_id: str, priority: int) -> None:
        """Registers an agent, before any other request of its own is sent."""
        self.register_agent(agent_id, priority)

    @staticmethod
    def _clock() -> float:
        """The time in s by the clock of this store's leases: it also counts any suspension in which they expire."""
        return time.monotonic()

    # Renews what guards hold through this client, once there is a guard.
    _keeper: Optional[Keeper] = None

    # Whether requests without a namespace are refused; None while that is unknown.
    _demands_namespace: Optional[bool] = False

    @abstractmethod
    def _is_closed(self) -> bool:
        """Whether it was closed, so that no request will ever be answered."""

    @abstractmethod
    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        """The decoded answer to a request; raises ``KlockError`` when it is an error."""

    def _acquire(self, *asked: Any) -> Any:
        return self._ask("acquire", requests.acquire(*asked))

    def _ask_within(self, patience_s: Optional[float], verb: str, request: Mapping[str, object]) -> Any:
        """As ``_ask``, but the answer may take at most so long. A store in this process takes the time it takes."""
        return self._ask(verb, request)

    def _ask_about(self, verb: str, lease_id: str, patience_s: Optional[float] = None) -> bool:
        return self._is_done(lambda: self._ask_within(patience_s, verb, {"lease_id": lease_id}))

    @staticmethod
    def _is_done(ask: Callable[[], object]) -> bool:
        try:
            ask()
        except KlockError as error:
            if error.code in ("UNKNOWN_LEASE", "EXPIRED"):
                return False
            raise
        return True
