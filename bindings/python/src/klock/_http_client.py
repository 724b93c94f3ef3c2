"""The client of a server."""

from __future__ import annotations

import http.client
import json
import math
import os
import secrets
import socket
import time
from typing import Any, Dict, Mapping, Optional, Sequence
from weakref import WeakSet

from . import _requests as requests
from ._abandonable import call_in_thread
from ._address import parse_urls
from ._codec import checked, encode
from ._connections import Connections, Line, Lost, Refused, Reply
from ._coordinator import Coordinator
from ._errors import KlockError, KlockTimeoutError
from ._http_arguments import checked_key, headers, is_command
from ._notice import notify
from ._older import older_server, with_code
from ._routes import HttpRequest, to_http
from ._server_process import ServerProcess, environment, server_command
from ._several import AWAY_STATUS, Away, Servers
from ._threads import Lock, NoThreadError
from ._waits import WAITING_VERBS

_BOOT_CLOCK: Optional[int] = getattr(time, "CLOCK_BOOTTIME", None)
_NO_AUTOSTART, _API_KEY = "KLOCK_DISABLE_AUTOSTART", "KLOCK_API_KEY"
_REQUEST_BYTES = 1_048_576
# Sent again after a lost answer, these get what they got the first time.
_NAMED_VERBS = ("acquire", "acquire_all")
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.02, 0.5
_LEAVE_QUEUE_S = 2.0
# A server that somebody else runs gets this long to come back by itself before another one takes its place.
_GRACE_S = 3.0
_LEFTOVER_S = 4.0  # beyond that; together they outlast a wait's keep-alive, which is at most 5 s
_AT_ONCE, _NOT_YET = 0.0, math.inf


class KlockHttpClient(Coordinator):
    """Acquires, renews and releases leases through a server, ``klock serve``.

    Any thread may call any method at any time, and each request that is under way has a connection of its own. After ``os.fork()``
    it works in the child too. Ctrl-C ends a wait at once, and the server takes the request off its queue. A wait outlives the
    restart of the server: it goes on, within its own time, when the server is back.

    When no server answers at a local URL, one is started; it serves everybody on this machine. It ends with this process, however
    that ends; ``shutdown`` stops it before.

    With several URLs, of servers on one cluster, the one that answered last is asked, and the next one when it does not answer. The
    request is the same, so what the first server may have carried out is not done twice.

    The proxy that ``https_proxy`` or ``http_proxy`` names is used, but never to reach this machine, nor what ``no_proxy`` lists.

    Every method raises ``KlockError``: beside what ``KlockClient`` raises, ``UNAUTHORIZED`` and ``FORBIDDEN`` for a key that is
    missing or may not, ``STORAGE_UNAVAILABLE`` also when the server cannot be reached or does not answer in time (then it is a
    ``KlockTimeoutError``), and ``INTERNAL`` when what answers is no Klock.
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
            base_url: ``http://`` or ``https://``, host and port; or ``unix:/path/to/socket``. Several servers of one cluster have
                commas between them: ``http://a:3100,http://b:3100``.
            api_key: Sent with every request; a server that is started gets it too. ``KLOCK_API_KEY`` if it is left out; empty for none.
            timeout_ms: How long an answer of a server may take, in ms, beside the ``wait_ms`` of the request.
            auto_start: Whether to start a server when there is one URL, it is local, and none answers.
                ``KLOCK_DISABLE_AUTOSTART=1`` in the environment turns it off; so do ``true``, ``yes`` and ``on``.
            startup_timeout_ms: How long that may take, in ms.
            server_command: How to start it, a list of words; else ``KLOCK_SERVER_COMMAND``, else ``klock serve``. ``--port`` is
                added when the URL's port is not 3100 and the command names none. Where neither the command nor ``KLOCK_STORAGE``
                says another store, it is the one of the repository that the working directory is in.

        Raises:
            KlockError: ``INVALID_REQUEST`` for a wrong argument.
        """
        addresses = parse_urls(base_url)
        for name, value in (("timeout_ms", timeout_ms), ("startup_timeout_ms", startup_timeout_ms)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise KlockError("INVALID_REQUEST", f"{name} is not a time: it must be an integer, 1 or more (ms).")
        if not isinstance(auto_start, bool):
            raise KlockError("INVALID_REQUEST", f"auto_start is of type {type(auto_start).__name__}: it must be True or False.")
        if server_command is not None and not is_command(server_command):
            raise KlockError("INVALID_REQUEST", "server_command is not a command: it must be a list of words, the program first.")
        name, key = ("api_key", api_key) if api_key is not None else (_API_KEY, os.environ.get(_API_KEY))
        self._api_key = None if key == "" else checked_key(name, key)
        self._headers = headers(self._api_key)
        self._timeout_ms = timeout_ms
        self._startup_timeout_ms = startup_timeout_ms
        self._auto_start = auto_start
        self._command = server_command
        connect_s = timeout_ms / 1_000 if len(addresses) > 1 else None
        each = [Connections(address, connect_s) for address in addresses]
        self._servers = Servers(each, timeout_ms / 1_000, self._headers)
        self._starting = Lock()
        self._server: Optional[ServerProcess] = None
        self._was_met = False
        self._is_reported_away = False
        self._demands_namespace = None
        self._to_register: Dict[str, int] = {}
        _all_clients.add(self)

    def auto_start_enabled(self) -> bool:
        """Whether this client may start a server: neither its argument, the URL nor the environment forbids it."""
        is_startable = len(self._servers.each) == 1 and self._servers.each[0].address.is_local
        return self._auto_start and is_startable and not self.auto_start_disabled_by_env()

    def auto_start_disabled_by_env(self) -> bool:
        """Whether ``KLOCK_DISABLE_AUTOSTART`` is 1, true, yes or on, in any case."""
        return os.environ.get(_NO_AUTOSTART, "").strip().lower() in ("1", "true", "yes", "on")

    def last_started_pid(self) -> Optional[int]:
        """The process id of the server that this client started last; None when it started none."""
        return self._server.pid if self._server else None

    def shutdown(self) -> None:
        """Closes the client, and stops the server that it started, if it started one; returns once that is gone."""
        self.close()
        if self._server:
            self._server.stop()

    def close(self) -> None:
        """Closes the connections. Leases stay, and a server that was started, until the program ends. Closing again does nothing."""
        for connections in self._servers.each:
            connections.close()
        if self._keeper is not None:
            self._keeper.stop()

    def __repr__(self) -> str:
        return f"KlockHttpClient({self._servers.names!r}{', closed' if self._is_closed() else ''})"

    @staticmethod
    def _clock() -> float:
        # While this machine sleeps, a lease of a server that does not sleep expires.
        return time.monotonic() if _BOOT_CLOCK is None else time.clock_gettime(_BOOT_CLOCK)

    def _register_first(self, agent_id: str, priority: int) -> None:
        self._to_register[agent_id] = priority  # with the first request: before it nothing is sent, and no server started

    def _is_closed(self) -> bool:
        return self._servers.each[0].is_closed

    def _ask(self, verb: str, request: Mapping[str, object]) -> Any:
        return self._ask_over(Line(), verb, request)

    def _ask_within(self, patience_s: Optional[float], verb: str, request: Mapping[str, object]) -> Any:
        if patience_s is None:
            return self._ask(verb, request)
        # If a release is sent again, nobody could know whether it was carried out the first time.
        line = Line(tries=1) if verb == "release" else Line()
        try:
            # Several servers share the time: each must be asked before it is over.
            return self._ask_once(line, verb, request, timeout_s=min(patience_s / len(self._servers.each), self._timeout_ms / 1_000))
        except Away as away:
            raise KlockError("STORAGE_UNAVAILABLE", away.error.message) from None

    async def _ask_async(self, verb: str, request: Mapping[str, object]) -> Any:
        import asyncio  # here: it takes longer to load than all else, and most programs need none

        line = Line()

        def ask() -> Any:
            return self._ask_over(line, verb, request)

        running: "asyncio.Future[Any]" = asyncio.ensure_future(
            call_in_thread(ask, lambda answer: self._undo(verb, request, answer))
        )
        try:
            answer: Any = await asyncio.shield(running)
            return answer
        except NoThreadError as error:
            raise KlockError("INTERNAL", f"No thread can be started to ask the server beside the event loop: {error}.") from None
        except asyncio.CancelledError:
            line.cut()
            await asyncio.wait([running])
            if not running.cancelled() and running.exception() is None:
                await call_in_thread(lambda: self._undo(verb, request, running.result()), lambda _: None)
            raise

    def _ask_over(self, line: Line, verb: str, request: Mapping[str, object]) -> Any:
        named = request
        if verb in _NAMED_VERBS and request.get("request_id") is None:
            # If the answer is lost, sending the request again gets the same lease and not one more.
            named = {**request, "request_id": secrets.token_hex(16)}
        wait_ms = request.get("wait_ms") if isinstance(request, Mapping) and verb in WAITING_VERBS else 0
        wait_ms = wait_ms if isinstance(wait_ms, int) else 0
        waits = wait_ms > 0
        try:
            try:
                return self._ride(line, verb, named, wait_ms) if waits else self._ask_once(line, verb, named)
            except Away as away:
                raise away.error from None
        except BaseException as error:
            # A wait was given up, by Ctrl-C or a cancelled task. A request id of the caller's may be known to others.
            if waits and named is not request and (line.is_cut or not isinstance(error, KlockError)):
                self._take_back(verb, named)
            raise

    def _ride(self, line: Line, verb: str, request: Mapping[str, object], wait_ms: int) -> Any:
        """Waits for the answer to a request that waits, also while the server is restarted, within the request's time."""
        ends_at = time.monotonic() + wait_ms / 1_000
        replace_from = _NOT_YET
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return self._ask_once(line, verb, request, replace_from)
            except Away as away:
                now, asked_s = time.monotonic(), away.retry_after_s
                if line.is_cut or now >= ends_at:
                    raise
                if replace_from == _NOT_YET:
                    replace_from = now + _GRACE_S
                    self._tell_away()
            except KlockError as error:
                # After a server was killed, a waiting change stays there for some seconds, and a lease has one at a time.
                now, asked_s = time.monotonic(), None
                is_leftover = verb == "change_lease" and error.code == "INVALID_REQUEST" and replace_from != _NOT_YET
                if not is_leftover or now >= min(ends_at, replace_from + _LEFTOVER_S):
                    raise
            # The server knows best when it will be back, but no sleep may exceed the request's own time.
            line.pause(min(pause_s if asked_s is None else asked_s, _LONGEST_PAUSE_S, ends_at - now))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            request = {**request, "wait_ms": max(1, int((ends_at - time.monotonic()) * 1_000))}

    def _tell_away(self) -> None:
        if not self._is_reported_away:
            self._is_reported_away = True
            notify(f"The server at {self._servers.names} went away. Requests that wait there continue, each within its own time.")

    def _ask_once(
        self,
        line: Line,
        verb: str,
        request: Mapping[str, object],
        replace_from: float = _AT_ONCE,
        timeout_s: Optional[float] = None,
    ) -> Any:
        if self._to_register:
            for first in requests.registrations(self._to_register, verb, request):
                self._ask_once(line, "register_agent", first, replace_from, timeout_s)
                self._to_register.pop(first["agent_id"], None)

        def send(server: Connections, asked: Mapping[str, object]) -> Any:
            return self._ask_at(server, line, verb, asked, replace_from, timeout_s)

        return self._servers.ask(send, line, verb, request)

    def _ask_at(
        self,
        server: Connections,
        line: Line,
        verb: str,
        request: Mapping[str, object],
        replace_from: float,
        timeout_s: Optional[float],
    ) -> Any:
        asked = to_http(verb, request)
        body = None if asked.body is None else encode(asked.body)
        if body is not None and len(body) > _REQUEST_BYTES:
            raise KlockError("PAYLOAD_TOO_LARGE", f"The request is larger than {_REQUEST_BYTES} bytes, which is the most allowed.")
        wait_ms = request.get("wait_ms") if isinstance(request, Mapping) else 0
        if timeout_s is None:
            timeout_s = (self._timeout_ms + (wait_ms if isinstance(wait_ms, int) else 0)) / 1_000
        reply = self._send(server, line, asked, body, timeout_s, replace_from)
        try:
            answer = checked(self._answer(server, reply, asked))
            problem = older_server(verb, request, answer)
            if problem is not None:
                if "data" in answer:
                    self._undo(verb, {}, answer)
                raise KlockError("INTERNAL", f"The server at {_name(server)} is not of this Klock: {problem}")
            return answer
        except KlockError as error:
            # CLOSED without it answers a wait whose session was ended: that wait must not continue.
            if reply.status in AWAY_STATUS and (error.code != "CLOSED" or reply.retry_after_s is not None):
                raise Away(self._said_by(server, error), reply.retry_after_s, was_sent=True) from None
            raise
        finally:
            self._is_reported_away = self._is_reported_away and reply.status in AWAY_STATUS

    def _take_back(self, verb: str, request: Mapping[str, Any]) -> None:
        """Releases what a wait got just as it was given up. Nobody but this call knows its request_id."""
        asked = request["intents"][0] if verb == "acquire_all" else request
        try:
            # First the server has to notice that nobody waits any more, else it would grant the lease afterwards.
            whose = {**requests.session(request["agent_id"], request["session_id"]), **requests.given(namespace=request.get("namespace"))}
            what = {"resource": f"{asked['resource_type']}:{asked['resource_path']}"}
            until = time.monotonic() + _LEAVE_QUEUE_S
            while self._ask_once(Line(), "list_waiters", {**whose, **what}, _NOT_YET)["data"] and time.monotonic() < until:
                time.sleep(_FIRST_PAUSE_S)
            self._undo(verb, {}, self._ask_once(Line(), verb, {**request, "wait_ms": 0}, _NOT_YET))
        except (KlockError, Away, LookupError, TypeError):
            pass  # the server is gone, or refused the request; a lease expires

    def _send(
        self, server: Connections, line: Line, asked: HttpRequest, body: Optional[bytes], timeout_s: float, replace_from: float
    ) -> Reply:
        started = was_sent = False
        tries_left = line.tries  # starting a server, and sending the request to it, is not counted
        while True:
            try:
                reply = server.ask(asked.method, asked.path, body, self._headers, timeout_s, line)
                self._was_met = True
                return reply
            except Refused as error:
                if started or not self._may_start(replace_from):
                    raise Away(_unreachable(server, f"cannot be reached: {error}"), was_sent=was_sent) from None
                self._start(is_to_ride=self._was_met)
                started = True
            except Lost as error:
                was_sent = line.was_sent = True
                tries_left -= 1
                if line.is_dropped:
                    raise Away(_unreachable(server, "answers nothing any more"), was_sent=True) from None
                if line.is_cut or tries_left == 0:
                    raise Away(_unreachable(server, f"closed the connection: {error}"), was_sent=True) from None
            except socket.timeout:
                late = f"The server at {_name(server)} did not answer within {timeout_s:g} s."
                raise KlockTimeoutError("STORAGE_UNAVAILABLE", late) from None
            except http.client.HTTPException as error:
                who = f"What answers at {_name(server)}"
                raise KlockError("INTERNAL", f"{who} does not speak HTTP: {repr(str(error))[:100]}.") from None
            except OSError as error:
                raise _unreachable(server, f"failed: {error}") from None

    def _may_start(self, replace_from: float) -> bool:
        """Whether to start a server now that there is none. One that somebody else ran is replaced only after that time."""
        is_anothers = self._was_met and self._server is None
        return self.auto_start_enabled() and not (is_anothers and time.monotonic() < replace_from)

    def _start(self, is_to_ride: bool) -> None:
        try:
            with self._starting:
                if self._is_there():
                    return  # another thread was quicker
                address = self._servers.each[0].address
                self._server = ServerProcess(address, server_command(address, self._command), environment(self._api_key))
                self._server.wait_until(self._is_there, self._startup_timeout_ms / 1_000)
        except KlockError as error:
            if is_to_ride:
                raise Away(error) from None
            raise

    def _is_there(self) -> bool:
        try:
            self._servers.each[0].ask("GET", "/health", None, self._headers, self._startup_timeout_ms / 1_000)
        except (OSError, http.client.HTTPException):
            return False
        return True

    def _answer(self, server: Connections, reply: Reply, asked: HttpRequest) -> Any:
        try:
            answer = json.loads(reply.text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("success"), bool):
            who = f"What answers at {_name(server)}"
            what = f"{asked.method} /{asked.path.lstrip('/').partition('/')[0].partition('?')[0]}"
            raise KlockError("INTERNAL", f"{who} is no Klock, or an older one: it said {reply.status} to {what}, and not what was asked.")
        return with_code(reply.status, answer)

    def _said_by(self, server: Connections, error: KlockError) -> KlockError:
        is_one = len(self._servers.each) == 1
        return error if is_one else KlockError(error.code, f"The server at {_name(server)} says: {error.message}")

    def _start_anew(self) -> None:
        self._starting = Lock()


def _name(server: Connections) -> str:
    return f"{server.address} through the proxy {server.proxy}" if server.proxy else str(server.address)


def _unreachable(server: Connections, how: str) -> KlockError:
    return KlockError("STORAGE_UNAVAILABLE", f"The server at {_name(server)} {how}.")


_all_clients: "WeakSet[KlockHttpClient]" = WeakSet()


def _start_anew() -> None:
    # A lock that another thread held at the fork would stay locked in the child.
    for client in list(_all_clients):
        client._start_anew()


os.register_at_fork(after_in_child=_start_anew)
