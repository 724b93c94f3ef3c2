"""The exceptions that a request, or a guard, can raise."""

from __future__ import annotations


class KlockError(Exception):
    """A request that could not be judged: bad input, an ended lease, a closed client, a store that failed.

    A refusal (WAIT, DIE, WAIT_TIMEOUT) is an answer and not an error: ``acquire_lease`` returns it. A guard has no answer
    to return, so it raises the two errors below.

    Attributes:
        code: ``INVALID_REQUEST``, ``UNKNOWN_LEASE``, ``EXPIRED``, ``AGENT_BUSY``, ``PAYLOAD_TOO_LARGE``,
            ``STORAGE_UNAVAILABLE``, ``CLOSED`` or ``INTERNAL``; of a ``KlockConflictError``, its reason.
        message: One plain sentence: what was wrong, with which field, and what is allowed.
    """

    code: str
    message: str

    def __init__(self, code: str, message: str) -> None:
        # Both go to the base class, because unpickling calls the class with ``args``:
        # a process pool must be able to hand the error to its parent.
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class KlockConflictError(KlockError):
    """A guard did not get its lease: somebody else has it, or waits for it. Nothing was taken, and nobody waits any more.

    Attributes:
        agent_id: Who asked.
        resource_path: What for, as the guard asked for it.
        reason: ``DIE``: an older session is in the way and this one holds something; leave the guards you are in, read
            again, start over. ``WAIT_TIMEOUT``: it was not free within the time to wait. ``WAIT``: it was not free, and
            the guard was told not to wait.
        wait_time_ms: When to look again, 0 to 1,000 ms.
    """

    agent_id: str
    resource_path: str
    reason: str
    wait_time_ms: int

    def __init__(self, agent_id: str, resource_path: str, reason: str, wait_time_ms: int, message: str = "") -> None:
        super().__init__(reason, message or f"{agent_id} did not get {resource_path}.")
        self.args = (agent_id, resource_path, reason, wait_time_ms, self.message)
        self.agent_id = agent_id
        self.resource_path = resource_path
        self.reason = reason
        self.wait_time_ms = wait_time_ms


class KlockLeaseLostError(KlockError):
    """A guard's lease ended before the guard did, so somebody else may have changed what it protected.

    Its code is ``EXPIRED`` when the lease was not renewed in time (the machine slept, the store failed), ``UNKNOWN_LEASE``
    when it was taken away, as by an operator or by the end of its session.
    """
