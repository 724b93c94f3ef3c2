"""The embedded client: no server, the kernel runs in this process."""

from __future__ import annotations

import ctypes
import os
from types import TracebackType
from typing import Any, Dict, List, Mapping, NoReturn, Optional, Type

from ._codec import decode, encode
from ._errors import KlockError
from ._library import Ask, load_library
from ._results import AgentInfo, IntentVerdict, LeaseInfo, LeaseResult


class KlockClient:
    """Takes, renews and gives back leases in a store that this process opens itself.

    Any thread may call any method at any time. After ``os.fork()`` a client belongs to the process that made it: in
    the child every method raises ``CLOSED``, and the child makes its own, on the same SQLite file too. A client that
    is not closed is closed when it is garbage collected; closing releases no lease.

    Every method raises ``KlockError``: ``INVALID_REQUEST`` names the field that was wrong, ``CLOSED`` is a closed or
    inherited client, ``STORAGE_UNAVAILABLE`` a store that failed.
    """

    _handle: Optional[int] = None

    def __init__(self, storage: str = "memory") -> None:
        """Opens a store.

        Args:
            storage: ``memory``, which this client alone sees, or ``sqlite:<path>``, which every process that names
                the same file shares.

        Raises:
            KlockError: ``INVALID_REQUEST`` for another kind of store, ``STORAGE_UNAVAILABLE`` when the file cannot be opened.
            OSError: libklock is missing or of another version; the text names the places looked at.
        """
        # JSON's null would mean the default, and an unset variable would quietly get a store that nobody else sees.
        if storage is None:
            raise KlockError("INVALID_REQUEST", "storage is None: it must be memory or sqlite:<path>.")
        self._library = library = load_library()
        self._owner = os.getpid()
        error = ctypes.c_void_p()
        self._handle = library.open(encode({"storage": storage}), ctypes.byref(error))
        if not self._handle:
            answer = decode(library.take(error.value))
            raise KlockError(answer["code"], answer["error"])

    def register_agent(self, agent_id: str, priority: int) -> None:
        """Gives an agent its priority, 0 to 2**64 - 1: the lower, the older, and the older one wins.

        Raises:
            KlockError: ``AGENT_BUSY`` when the agent has another priority and holds a lease.
        """
        self._ask(self._library.register_agent, {"agent_id": agent_id, "priority": priority})

    def acquire_lease(
        self,
        agent_id: str,
        session_id: str,
        resource_type: str,
        resource_path: str,
        predicate: str,
        ttl: int,
        *,
        note: Optional[str] = None,
        request_id: Optional[str] = None,
    ) -> LeaseResult:
        """Asks for a lease and returns at once, with it or with who stands in the way.

        Args:
            agent_id: Who asks, 1 to 256 bytes.
            session_id: Which run of the agent, 1 to 256 bytes; one session never conflicts with itself.
            resource_type: FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM.
            resource_path: Up to 4 KiB. A FILE path that ends in ``/**`` is a directory and all beneath it.
            predicate: PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES.
            ttl: How long the lease lives unless it is renewed, 1 ms to 24 h, in ms.
            note: Why, for whoever is refused, up to 1 KiB.
            request_id: Up to 128 bytes. The same session asking again with the same one gets the lease it already
                got, so a lost answer costs nothing.
        """
        request: Dict[str, object] = {
            "agent_id": agent_id,
            "session_id": session_id,
            "resource_type": resource_type,
            "resource_path": resource_path,
            "predicate": predicate,
            "ttl": ttl,
        }
        if note is not None:
            request["note"] = note
        if request_id is not None:
            request["request_id"] = request_id
        answer = self._ask(self._library.acquire, request)
        if answer["success"]:
            lease = answer["data"]
            return {
                "success": True,
                "lease_id": lease["lease_id"],
                "agent_id": lease["agent_id"],
                "resource": lease["resource"],
                "predicate": lease["predicate"],
                "expires_at": lease["expires_at"],
                "fencing_token": lease["fencing_token"],
            }
        return {
            "success": False,
            "reason": answer["reason"],
            "wait_time": answer["wait_time"],
            "message": answer["message"],
            "conflicts": answer["conflicts"],
        }

    def release_lease(self, lease_id: str) -> bool:
        """Gives a lease back. False when it had ended before or was never there."""
        return self._ask_about(self._library.release, lease_id)

    def heartbeat_lease(self, lease_id: str) -> bool:
        """Renews a lease: it expires one ttl from now. False when it had ended: whatever it guarded may be another's."""
        return self._ask_about(self._library.heartbeat, lease_id)

    def revoke_lease(self, lease_id: str) -> bool:
        """Takes a lease away from its holder, as an operator. False when it had ended before or was never there."""
        return self._ask_about(self._library.revoke, lease_id)

    def list_leases(
        self,
        agent_id: Optional[str] = None,
        session_id: Optional[str] = None,
        resource: Optional[str] = None,
    ) -> List[LeaseInfo]:
        """The active leases, or those of an agent, of a session, or that meet a resource written ``TYPE:path``."""
        given = (("agent_id", agent_id), ("session_id", session_id), ("resource", resource))
        wanted = {name: value for name, value in given if value is not None}
        leases: List[LeaseInfo] = self._ask(self._library.list_leases, wanted)["data"]
        return leases

    def list_agents(self) -> List[AgentInfo]:
        """The agents that the store remembers."""
        agents: List[AgentInfo] = self._take(self._library.list_agents(self._handle, None))["data"]
        return agents

    def declare_intent(self, manifest: Mapping[str, object]) -> IntentVerdict:
        """Asks what a whole manifest would get, and takes nothing.

        Args:
            manifest: ``{"agent_id", "session_id", "intents": [{"predicate", "resource_type", "resource_path"}, …]}``
                with 1 to 256 intents.
        """
        verdict: IntentVerdict = self._ask(self._library.declare_intents, manifest)
        return verdict

    def active_lease_count(self) -> int:
        """How many leases are active now."""
        return len(self.list_leases())

    def evict_expired(self) -> int:
        """Sweeps out leases that have run out and tells how many. Never needed: they block nobody before it either."""
        evicted: int = self._take(self._library.evict_expired(self._handle))["data"]["evicted"]
        return evicted

    def close(self) -> None:
        """Closes the store. Leases stay. Closing again does nothing."""
        handle, self._handle = self._handle, None
        # An inherited handle is the parent's: a child forgets it and leaves it alone.
        if handle and os.getpid() == self._owner:
            self._library.close(handle)

    def __enter__(self) -> "KlockClient":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        # A copied handle would be closed twice; sent to another process it could name a store of that process.
        raise TypeError("A KlockClient cannot be copied or pickled: make one in each process.")

    def _ask(self, function: Ask, request: object) -> Any:
        return self._take(function(self._handle, encode(request)))

    def _take(self, address: Optional[int]) -> Any:
        answer = decode(self._library.take(address))
        if "code" in answer:
            raise KlockError(answer["code"], answer["error"])
        return answer

    def _ask_about(self, function: Ask, lease_id: str) -> bool:
        try:
            self._ask(function, {"lease_id": lease_id})
        except KlockError as error:
            if error.code in ("UNKNOWN_LEASE", "EXPIRED"):
                return False
            raise
        return True
