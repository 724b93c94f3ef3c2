"""The exceptions that a request, or a guard, can raise."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence, Type

    from ._results import Conflict

_BAD_ARGUMENT = ("INVALID_REQUEST", "PAYLOAD_TOO_LARGE")


class KlockError(RuntimeError):
    """A request that could not be judged: bad input, an ended lease, a closed client, a store that failed.

    A refusal (WAIT, DIE, WAIT_TIMEOUT) is an answer and not an error: ``acquire_lease`` returns it. A guard has no answer
    to return, so it raises ``KlockConflictError`` and ``KlockLeaseLostError``.

    One whose code says that an argument was wrong is a ``KlockArgumentError``, and so a ``ValueError``.

    Attributes:
        code: ``INVALID_REQUEST``, ``UNKNOWN_LEASE``, ``EXPIRED``, ``AGENT_BUSY``, ``UNAUTHORIZED``, ``FORBIDDEN``,
            ``PAYLOAD_TOO_LARGE``, ``STORAGE_UNAVAILABLE``, ``CLOSED`` or ``INTERNAL``; of a ``KlockConflictError``, its reason.
        message: One plain sentence: what was wrong, with which field, and what is allowed.
    """

    code: str
    message: str

    def __new__(cls, *args: object, **named: object) -> "KlockError":
        kind: Type[KlockError] = cls
        if cls is KlockError and (args[:1] or (named.get("code"),))[0] in _BAD_ARGUMENT:
            kind = KlockArgumentError
        # Python requires it where the two are combined in one class. __init__ has stored what was given.
        base = TimeoutError if issubclass(kind, TimeoutError) else RuntimeError
        made: KlockError = base.__new__(kind)
        return made

    def __init__(self, code: str, message: str) -> None:
        # Both go to the base class, because unpickling calls the class with ``args``:
        # a process pool must be able to hand the error to its parent.
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._shown().items())
        return f"{type(self).__name__}({shown})"

    def _shown(self) -> "Dict[str, object]":
        return {"code": self.code, "message": self.message}


class KlockArgumentError(KlockError, ValueError):
    """An argument, or a field of a request, is not what it may be. Nothing was changed."""


class KlockTimeoutError(KlockError, TimeoutError):
    """Something took longer than it may: a server's answer, its start, or, as ``KlockWaitTimeoutError``, the wait for a lease."""


class KlockConflictError(KlockError):
    """A guard did not get its lease: somebody else has it, or waits for it. Nothing is held, and nothing waits any more.

    One that waited until its time was up is a ``KlockWaitTimeoutError``.

    Attributes:
        agent_id: Who asked.
        resource_path: What for, as the guard asked for it.
        reason: The verdict when the time was up. ``WAIT``: everybody in the way is younger. ``DIE``: somebody older is in
            the way; if this session holds something, leave the guards you are in, read again, start over.
        wait_time_ms: When to try again, 0 to 1,000 ms; None when that is unknown.
        conflicts: Who is in the way, at most 16, the oldest first.
    """

    agent_id: str
    resource_path: str
    reason: str
    wait_time_ms: Optional[int]
    conflicts: List[Conflict]

    def __init__(
        self,
        agent_id: str,
        resource_path: str,
        reason: str,
        wait_time_ms: Optional[int] = None,
        message: str = "",
        conflicts: Sequence[Conflict] = (),
    ) -> None:
        super().__init__(reason, message or f"{agent_id} did not get {resource_path}.")
        self.conflicts = list(conflicts)
        self.args = (agent_id, resource_path, reason, wait_time_ms, self.message, self.conflicts)
        self.agent_id = agent_id
        self.resource_path = resource_path
        self.reason = reason
        self.wait_time_ms = wait_time_ms

    def _shown(self) -> "Dict[str, object]":
        shown: Dict[str, object] = {"agent_id": self.agent_id, "resource_path": self.resource_path, "reason": self.reason}
        shown["held_by"] = [conflict["agent_id"] for conflict in self.conflicts]
        return shown


class KlockWaitTimeoutError(KlockConflictError, KlockTimeoutError):
    """A guard waited for its lease as long as allowed, and it was not free. A ``TimeoutError`` too."""


class KlockLeaseLostError(KlockError):
    """A guard's lease ended before the guard did, so somebody else may have changed what it protected.

    Its code is ``EXPIRED`` when the lease was not renewed in time (the machine slept, the store failed), ``UNKNOWN_LEASE``
    when it was taken away, as by an operator or by the end of its session.
    """


class KlockWarning(UserWarning):
    """Something looks like a mistake, such as a session id that another live process uses too. The request was carried out."""
