"""The one exception that a request can raise."""

from __future__ import annotations


class KlockError(Exception):
    """A request that could not be judged: bad input, an ended lease, a closed client, a store that failed.

    A refusal (WAIT, DIE, WAIT_TIMEOUT) is an answer and not an error: ``acquire_lease`` returns it.

    Attributes:
        code: ``INVALID_REQUEST``, ``UNKNOWN_LEASE``, ``EXPIRED``, ``AGENT_BUSY``, ``PAYLOAD_TOO_LARGE``,
            ``STORAGE_UNAVAILABLE``, ``CLOSED`` or ``INTERNAL``.
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
