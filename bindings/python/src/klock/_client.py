"""The embedded client: no server, the kernel runs in this process."""

from __future__ import annotations

import ctypes
import os
import threading

from ._codec import checked, decode, encode, quoted, to_bytes
from ._coordinator import Coordinator
from ._errors import KlockError
from ._library import load_library
from ._threads import NoThreadError, Threads, is_ending
from ._waits import WAITING_VERBS, Wait, Waits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Any, Callable, Mapping, Optional

# They send requests, which takes as long as a commit to a disk. Requests that are sent together share a commit.
_THREADS = 4

_STORAGES = "auto, memory or sqlite:<path>"
_DONE = b'{"success":true,'
_NOTHING_MORE = [0, None, None, None]  # wait_ms, note, request_id, namespace


class KlockClient(Coordinator):
    """Acquires, renews and releases leases in a store that this process opens itself.

    Any thread may call any method at any time. After ``os.fork()`` a client belongs to the process that made it: in
    the child every method raises ``CLOSED``, and the child makes its own, on the same SQLite file too. A client that
    is not closed is closed when it is garbage collected; closing releases no lease.

    Every method raises ``KlockError``: ``INVALID_REQUEST`` names the field that was wrong, ``CLOSED`` is a closed or
    inherited client, ``STORAGE_UNAVAILABLE`` a store that failed.
    """

    _handle: Optional[int] = None

    def __init__(self, storage: str = "memory", *, bind_to_process: bool = True) -> None:
        """Opens a store.

        Args:
            storage: ``memory``, which this client alone sees; ``sqlite:<path>``, which every process that names the same file
                shares; or ``auto``, the store of the repository that the working directory is in, which ``klock`` uses there too.
            bind_to_process: Whether leases in a file end at once when this process does. Without it they last until they are
                released or expire, so that another process can take them over.

        Raises:
            KlockError: ``INVALID_REQUEST`` for another kind of store, ``STORAGE_UNAVAILABLE`` when the file cannot be opened.
            OSError: libklock is missing or of another version; the message names the places looked at.
        """
        # JSON's null would mean the default, so an unset variable would silently get a store that nobody else sees.
        for name, value, allowed in (("storage", storage, _STORAGES), ("bind_to_process", bind_to_process, "true or false")):
            if value is None:
                raise KlockError("INVALID_REQUEST", f"{name} is None: it must be {allowed}.")
        self._storage = storage
        self._library = library = load_library()
        self._owner = os.getpid()
        error = ctypes.c_void_p()
        self._handle = library.open(encode({"storage": storage, "bind_to_process": bind_to_process}), ctypes.byref(error))
        if not self._handle:
            decode(library.take(error.value))  # raises: there is always an error when there is no handle
        self._waits = Waits(library, self._handle or 0)
        self._threads = Threads(_THREADS, "klock-ask")

    def close(self) -> None:
        """Closes the store. Leases stay; waits in other threads end with ``CLOSED``. Closing again does nothing."""
        handle, self._handle = self._handle, None
        if self._keeper is not None:
            self._keeper.stop()
        # An inherited handle is the parent's: a child drops it and does not close it.
        if handle and os.getpid() == self._owner:
            self._library.close(handle)
            self._waits.close()

    def __del__(self) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"KlockClient({self._storage!r}{'' if self._is_open() else ', closed'})"

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        # Python handles signals in its main thread, after a call into the library has returned. So in that thread, and only there, a
        # wait must not block inside the library.
        waits = verb in WAITING_VERBS and request.get("wait_ms") and self._is_open()
        if waits and threading.current_thread() is threading.main_thread():
            try:
                return self._wait_interruptibly(verb, request)
            except NoThreadError:
                pass  # then Ctrl-C is handled when the wait is over
        return self._ask_here(verb, request)

    def _ask_here(self, verb: str, request: Mapping[str, object]) -> Any:
        return decode(self._library.take(self._library.ask[verb](self._handle, encode(request))))

    def _acquire(self, *asked: Any) -> Any:
        agent_id, session_id, resource_type, resource_path, predicate, ttl, *more = asked
        if more == _NOTHING_MORE and type(ttl) is int:
            try:
                # By far the most frequent request: formatted by hand it takes a tenth of the encoder's time.
                request = to_bytes(
                    f'{{"agent_id":{quoted(agent_id)},"session_id":{quoted(session_id)},"resource_type":{quoted(resource_type)},'
                    f'"resource_path":{quoted(resource_path)},"predicate":{quoted(predicate)},"ttl":{ttl}}}'
                )
            except (TypeError, ValueError):
                pass  # the encoder names the field that is no text
            else:
                return decode(self._library.take(self._library.ask["acquire"](self._handle, request)))
        return super()._acquire(*asked)

    def _ask_about(self, verb: str, lease_id: str, patience_s: Optional[float] = None) -> bool:
        if type(lease_id) is str and lease_id.isalnum() and lease_id.isascii():
            request = b'{"lease_id":"%b"}' % to_bytes(lease_id)
            answer = self._library.take(self._library.ask[verb](self._handle, request))
            # Nothing more can be read from one that is done.
            return answer.startswith(_DONE) or self._is_done(lambda: decode(answer))
        return super()._ask_about(verb, lease_id, patience_s)

    def _wait_interruptibly(self, verb: str, request: Mapping[str, object]) -> Any:
        done = threading.Event()
        # Another thread sends it, because Ctrl-C could interrupt this one after it has sent the request but before it knows the ticket.
        begun = self._threads.submit(lambda: self._begin(verb, request, done.set))
        try:
            wait = begun.result()
            done.wait()
        except NoThreadError:
            raise
        except BaseException:
            self._threads.submit(lambda: _give_up(begun)).result()
            raise
        return checked(wait.answer)

    async def _ask_async(self, verb: str, request: Mapping[str, object]) -> Any:
        import asyncio  # here: it takes longer to load than all else, and most programs need none

        if not self._is_open() or is_ending():
            return self._ask_here(verb, request)  # a closed one raises
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def notify() -> None:
            try:
                loop.call_soon_threadsafe(lambda: None if done.done() else done.set_result(None))
            except RuntimeError:
                pass  # the loop is closed, so the task was cancelled and nobody waits

        try:
            begun = self._threads.submit(lambda: self._begin(verb, request, notify))
            wait = await asyncio.wrap_future(begun)
            await done
        except NoThreadError as error:
            raise KlockError("INTERNAL", f"No thread can be started to ask the store beside the event loop: {error}.") from None
        except BaseException as error:
            begun.cancel()
            given_up = self._threads.submit(lambda: _give_up(begun))
            if isinstance(error, asyncio.CancelledError):
                await asyncio.shield(asyncio.wrap_future(given_up))
            raise
        return checked(wait.answer)

    def _begin(self, verb: str, request: Mapping[str, object], on_done: Callable[[], object]) -> Wait:
        wait = Wait(self._waits, lambda answer: self._undo(verb, request, answer), on_done)
        self._waits.begin(self._handle, verb, request, wait)
        return wait

    def _is_closed(self) -> bool:
        return not self._is_open()

    def _is_open(self) -> bool:
        # An inherited client has no threads: they are the parent's.
        return self._handle is not None and os.getpid() == self._owner


def _give_up(begun: "Future[Wait]") -> None:
    if not begun.cancelled() and begun.exception() is None:
        begun.result().abandon()
