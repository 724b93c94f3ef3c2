"""Finds libklock, loads it once for a process and binds its functions."""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional

    Ask = Callable[[Optional[int], Optional[bytes]], Optional[int]]

_FILE_NAME = "libklock.so"
_ABI_VERSION = 1

_VERBS_WITH_A_REQUEST = (
    "register_agent",
    "acquire",
    "acquire_all",
    "declare_intents",
    "heartbeat",
    "release",
    "revoke",
    "change_lease",
    "renew_session",
    "end_session",
    "list_leases",
    "list_waiters",
    "list_agents",
    "snapshot",
    "events",
)


class Library:
    """The functions of one loaded libklock.

    Any thread may call; ctypes releases the GIL for the length of a call. An ``Ask`` returns the address of a
    C string that belongs to the caller, who passes it to ``take`` exactly once; ``ask`` has one for each request.
    """

    def __init__(self, path: str) -> None:
        try:
            dll = ctypes.CDLL(path)
        except OSError as error:
            raise OSError(f"Klock's library {path} could not be loaded: {error}") from None
        try:
            self._bind(dll)
        except AttributeError as error:
            raise OSError(f"{path} is not Klock's library, or another version of it: {error}") from None

    def _bind(self, dll: ctypes.CDLL) -> None:
        abi_version = _function(dll, "klock_abi_version", ctypes.c_uint32)()
        if abi_version != _ABI_VERSION:
            raise AttributeError(f"its ABI version is {abi_version}, this package needs {_ABI_VERSION}")
        text, handle = ctypes.c_char_p, ctypes.c_void_p
        # Answers come back as plain addresses: with c_char_p ctypes would copy the text and lose the address to free.
        self.open = _function(dll, "klock_open", handle, text, ctypes.POINTER(ctypes.c_void_p))
        self.close = _function(dll, "klock_close", None, handle)
        self.free = _function(dll, "klock_free", None, ctypes.c_void_p)
        self.canonical_path = _function(dll, "klock_canonical_path", ctypes.c_void_p, text)
        evict: Callable[[Optional[int]], Optional[int]] = _function(dll, "klock_evict_expired", ctypes.c_void_p, handle)
        self.ask: Dict[str, Ask] = {
            verb: _function(dll, f"klock_{verb}", ctypes.c_void_p, handle, text) for verb in _VERBS_WITH_A_REQUEST
        }
        self.ask["evict_expired"] = lambda store, _: evict(store)
        self.submit: Ask = _function(dll, "klock_submit", ctypes.c_void_p, handle, text)
        self.collect: Ask = _function(dll, "klock_collect", ctypes.c_void_p, handle, text)
        self.cancel: Ask = _function(dll, "klock_cancel", ctypes.c_void_p, handle, text)

    def take(self, address: Optional[int]) -> bytes:
        """The text at ``address``, which is freed. Raises MemoryError when the library had no memory for an answer."""
        if not address:
            raise MemoryError("libklock could not allocate its answer")
        try:
            return ctypes.string_at(address)
        finally:
            self.free(address)


def _function(dll: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    function = dll[name]
    function.restype = result
    function.argtypes = arguments
    return function


def find_library() -> str:
    """The path of libklock: what KLOCK_LIBRARY names, else the one in the package, else a source checkout's own build.

    Raises:
        OSError: There is none. The text names the places that were looked at.
    """
    named = os.environ.get("KLOCK_LIBRARY")
    if named:
        if not os.path.isfile(named):
            raise OSError(f"KLOCK_LIBRARY names {named}, and there is no such file.")
        # An absolute path, because dlopen looks up a bare name in the system's folders instead.
        return os.path.abspath(named)
    places = _places()
    for place in places:
        if os.path.isfile(place):
            return place
    looked = ", ".join(places)
    raise OSError(f"Klock's library was not found. Looked at: KLOCK_LIBRARY (not set), {looked}.")


def _places() -> List[str]:
    package = os.path.dirname(os.path.realpath(__file__))
    places = [os.path.join(package, "_lib", _FILE_NAME)]
    # Only from where the sources are: an installed package must not load from a folder that happens to be above it.
    sources = os.path.join(os.sep, "bindings", "python", "src", "klock")
    if package.endswith(sources):
        places.append(os.path.join(package[: -len(sources)], "dist", "lib", _FILE_NAME))
    return places


_loaded: Optional[Library] = None


def load_library() -> Library:
    """The library of this process, loaded at the first call. Raises OSError when it is missing or of another version.

    No lock: two threads that come first at once bind the same loaded library twice, which is harmless, while a
    lock that is held at a fork would stay locked in the child.
    """
    global _loaded
    if _loaded is None:
        _loaded = Library(find_library())
    return _loaded
