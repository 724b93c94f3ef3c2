"""The client of a server."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import threading
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

from ._abandonable import call_in_thread
from ._codec import checked, encode
from ._connections import Connections, Line, Lost, Refused, parse_url
from ._coordinator import Coordinator
from ._errors import KlockError
from ._routes import HttpRequest, to_http
from ._server_process import ServerProcess, environment, server_command

_NO_AUTOSTART = "KLOCK_DISABLE_AUTOSTART"
_REQUEST_BYTES = 1_048_576
# One that finds a connection gone, one that finds nobody, and one that asks the server just started.
_TRIES = 3
# Asked again after a lost answer, these get what they got the first time.
_NAMED_VERBS = ("acquire", "acquire_all")


class KlockHttpClient(Coordinator):
    """Takes, renews and gives back leases through a server, ``klock serve``.

    Any thread may call any method at any time, and each request that is under way has a connection of its own. After ``os.fork()``
    it works in the child too. Ctrl-C ends a wait at once, and the server takes the request off its queue.

    When no server answers at a local URL, one is started; it serves everybody on this machine, and goes on when this process
    ends. ``shutdown`` stops it.

    Every method raises ``KlockError``: beside what ``KlockClient`` raises, ``UNAUTHORIZED`` and ``FORBIDDEN`` for a key that is
    missing or may not, ``STORAGE_UNAVAILABLE`` also when the server cannot be reached or does not answer in time, and
    ``INTERNAL`` when what answers is no Klock.
    """

    def __init__(
        self,
        base_url: str = "http://localhost:3100",
        api_key: Optional[str] = None,
        timeout_ms: int = 5_000,
        auto_start: bool = True,
        startup_timeout_ms: int = 5_000,
        server_command: Optional[Sequence[str]] = None,
    ) -> None:
        """Connects to nothing yet: the first request does.

        Args:
            base_url: ``http://`` or ``https://``, host and port.
            api_key: Sent with every request; a server that is started gets it too.
            timeout_ms: How long an answer may take, in ms, beside the ``wait_ms`` of the request.
            auto_start: Whether to start a server when the URL is local and none answers.
                ``KLOCK_DISABLE_AUTOSTART=1`` in the environment turns it off.
            startup_timeout_ms: How long that may take, in ms.
            server_command: How to start it, a list of words; else ``KLOCK_SERVER_COMMAND``, else ``klock serve``. ``--port`` is
                added when the URL's port is not 3100 and the command names none.

        Raises:
            KlockError: ``INVALID_REQUEST`` for a wrong argument.
        """
        self._address = parse_url(base_url)
        for name, value in (("timeout_ms", timeout_ms), ("startup_timeout_ms", startup_timeout_ms)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise KlockError("INVALID_REQUEST", f"{name} is not a time: it must be an integer, 1 or more (ms).")
        if server_command is not None and (isinstance(server_command, (str, bytes)) or not list(server_command)):
            raise KlockError("INVALID_REQUEST", "server_command is not a command: it must be a list of words, the program first.")
        self._headers = _headers(api_key)
        self._api_key = api_key
        self._timeout_ms = timeout_ms
        self._startup_timeout_ms = startup_timeout_ms
        self._auto_start = auto_start
        self._command = server_command
        self._connections = Connections(self._address)
        self._starting = threading.Lock()
        self._server: Optional[ServerProcess] = None

    def auto_start_enabled(self) -> bool:
        """Whether this client may start a server: it was not told otherwise, the URL is local, the environment allows it."""
        return bool(self._auto_start) and self._address.is_local and not self.auto_start_disabled_by_env()

    def auto_start_disabled_by_env(self) -> bool:
        """Whether ``KLOCK_DISABLE_AUTOSTART`` is set to anything but nothing, 0 or false."""
        return os.environ.get(_NO_AUTOSTART, "").strip().lower() not in ("", "0", "false")

    def last_started_pid(self) -> Optional[int]:
        """The process id of the server that this client started last; None when it started none."""
        return self._server.pid if self._server else None

    def shutdown(self) -> None:
        """Closes the client, and stops the server that it started, if it started one; returns once that is gone."""
        self.close()
        if self._server:
            self._server.stop()

    def close(self) -> None:
        """Closes the connections. Leases stay, and so does a server that was started. Closing again does nothing."""
        self._connections.close()

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        return self._ask_over(Line(), verb, request)

    async def _ask_async(self, verb: str, request: Mapping[str, object]) -> Any:
        import asyncio  # here: it takes longer to load than all else, and most programs do without it

        line = Line()

        def ask() -> Any:
            return self._ask_over(line, verb, request)

        running: "asyncio.Future[Any]" = asyncio.ensure_future(call_in_thread(ask, lambda answer: self._undo(verb, answer)))
        try:
            answer: Any = await asyncio.shield(running)
            return answer
        except asyncio.CancelledError:
            line.cut()
            await asyncio.wait([running])
            if not running.cancelled() and running.exception() is None:
                await call_in_thread(lambda: self._undo(verb, running.result()), lambda _: None)
            raise

    def _ask_over(self, line: Line, verb: str, request: Mapping[str, object]) -> Any:
        if verb in _NAMED_VERBS and "request_id" not in request:
            # Should the answer get lost on its way, asking again brings the same lease and not one more.
            request = {**request, "request_id": secrets.token_hex(16)}
        asked = to_http(verb, request)
        body = None if asked.body is None else encode(asked.body)
        if body is not None and len(body) > _REQUEST_BYTES:
            raise KlockError("PAYLOAD_TOO_LARGE", f"The request is larger than {_REQUEST_BYTES} bytes, which is the most allowed.")
        wait_ms = request.get("wait_ms") if isinstance(request, Mapping) else 0
        timeout_s = (self._timeout_ms + (wait_ms if isinstance(wait_ms, int) else 0)) / 1_000
        try:
            status, text = self._send(line, asked, body, timeout_s)
        except BaseException as error:
            if line.is_cut or not isinstance(error, KlockError):
                self._take_back(verb, request)
            raise
        return checked(self._answer(status, text))

    def _take_back(self, verb: str, request: Mapping[str, object]) -> None:
        """A wait was given up, by Ctrl-C or a cancelled task: should it have been granted just then, the lease is let go."""
        if verb not in _NAMED_VERBS or not request.get("wait_ms"):
            return
        try:
            self._undo(verb, self._ask(verb, {**request, "wait_ms": 0}))
        except KlockError:
            pass  # the server is gone, or the lease ends with its time

    def _send(self, line: Line, asked: HttpRequest, body: Optional[bytes], timeout_s: float) -> Tuple[int, bytes]:
        started = False
        for left in reversed(range(_TRIES)):
            try:
                return self._connections.ask(asked.method, asked.path, body, self._headers, timeout_s, line)
            except Refused as error:
                if started or not self.auto_start_enabled():
                    raise self._unreachable(f"cannot be reached: {error}") from None
                self._start()
                started = True
            except Lost as error:
                if line.is_cut or not left:
                    raise self._unreachable(f"closed the connection: {error}") from None
            except socket.timeout:
                raise self._unreachable(f"did not answer within {timeout_s:g} s") from None
            except http.client.HTTPException as error:
                raise KlockError("INTERNAL", f"What answers at {self._address} does not speak HTTP: {_short(error)}.") from None
            except OSError as error:
                raise self._unreachable(f"failed: {error}") from None
        raise self._unreachable("cannot be reached, though one was started there")

    def _start(self) -> None:
        with self._starting:
            if self._is_there():
                return  # another thread was quicker
            self._server = ServerProcess(
                self._address, server_command(self._address, self._command), environment(self._api_key)
            )
            self._server.wait_until(self._is_there, self._startup_timeout_ms / 1_000)

    def _is_there(self) -> bool:
        try:
            self._connections.ask("GET", "/health", None, self._headers, self._startup_timeout_ms / 1_000)
        except (OSError, http.client.HTTPException):
            return False
        return True

    def _answer(self, status: int, text: bytes) -> Any:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
            raise KlockError("INTERNAL", f"What answers at {self._address} is no Klock: it said {status} and not what was asked.")
        return answer

    def _unreachable(self, how: str) -> KlockError:
        return KlockError("STORAGE_UNAVAILABLE", f"The server at {self._address} {how}.")


def _headers(api_key: Optional[str]) -> Dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if api_key is None:
        return headers
    if not isinstance(api_key, str) or not api_key or not api_key.isascii() or not api_key.isprintable():
        raise KlockError("INVALID_REQUEST", "api_key is not a key: it must be a string of printable ASCII characters.")
    return {**headers, "Authorization": f"Bearer {api_key}"}


def _short(error: BaseException) -> str:
    return repr(str(error))[:100]
