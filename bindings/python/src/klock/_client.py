"""The embedded client: no server, the kernel runs in this process."""

from __future__ import annotations

import ctypes
import os
from types import TracebackType
from typing import Any, Mapping, NoReturn, Optional, Type

from ._codec import decode, encode
from ._coordinator import Coordinator
from ._errors import KlockError
from ._library import load_library


class KlockClient(Coordinator):
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
            decode(library.take(error.value))  # raises: there is always an error when there is no handle

    def close(self) -> None:
        """Closes the store. Leases stay; waits in other threads end with ``CLOSED``. Closing again does nothing."""
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

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        return decode(self._library.take(self._library.ask[verb](self._handle, encode(request))))
