"""Connections to one server, kept open between requests."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import threading
from typing import Dict, List, Mapping, NamedTuple, Optional
from weakref import WeakSet

from ._address import Address, Proxy, proxy_to
from ._errors import KlockError
from ._threads import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl


class Refused(ConnectionError):
    """No connection came about, so nothing was sent."""


class Lost(ConnectionError):
    """The connection broke before the answer: the request may have been carried out."""


class Line:
    """The connection that one request uses, which another thread may cut. Thread-safe."""

    def __init__(self, tries: int = 3) -> None:
        """Uses no connection yet.

        Args:
            tries: How often the request may be sent, if kept connections are found closed.
        """
        self.tries = tries
        self._lock = Lock()
        self._connection: Optional[http.client.HTTPConnection] = None
        self._is_cut = threading.Event()
        self.is_dropped = False
        """Whether the server was found gone, so that another one is to be asked."""
        self.was_sent = False
        """Whether the request was sent before and its answer was lost, so that it may have been carried out."""

    @property
    def is_cut(self) -> bool:
        """Whether the request was given up."""
        return self._is_cut.is_set()

    def pause(self, seconds: float) -> None:
        """Waits so long, or until it is cut."""
        self._is_cut.wait(seconds)

    def cut(self) -> None:
        """Ends the request: its caller gets an error, and the server notices that nobody waits any more."""
        with self._lock:
            self._is_cut.set()
            self._break()

    def drop(self) -> None:
        """Breaks the connection, because its server is gone."""
        with self._lock:
            self.is_dropped = True
            self._break()

    def pick_up(self) -> None:
        """The request goes to another server."""
        with self._lock:
            self.is_dropped = False

    def _break(self) -> None:
        sock = self._connection.sock if self._connection else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def use(self, connection: Optional[http.client.HTTPConnection]) -> None:
        """The request uses this connection from now on, or none.

        Raises:
            Lost: It is cut.
        """
        with self._lock:
            self._connection = connection
            if self.is_cut and connection is not None:
                raise Lost("the request was given up")


class Reply(NamedTuple):
    """The answer of a server."""

    status: int
    text: bytes
    retry_after_s: Optional[float]


class _UnixConnection(http.client.HTTPConnection):
    """A connection to a server that listens at a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._path)
        except BaseException:
            self.close()
            raise


class Connections:
    """One connection for each simultaneous request; idle ones are reused. Thread-safe, and empty again after a fork."""

    def __init__(self, address: Address, connect_s: Optional[float] = None) -> None:
        """Connects to nothing yet.

        Args:
            address: Where the server is.
            connect_s: How long a connection may take to come about; None for as long as the answer may take.

        Raises:
            KlockError: ``INVALID_REQUEST`` when the environment names a proxy of a kind that is not known.
        """
        self.address = address
        self._connect_s = connect_s
        self.proxy: Optional[Proxy] = proxy_to(address)
        self._lock = Lock()
        self._idle: List[http.client.HTTPConnection] = []
        self._tls: Optional["ssl.SSLContext"] = None
        self.is_closed = False
        _all_connections.add(self)

    def ask(
        self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str], timeout_s: float, line: Optional[Line] = None
    ) -> Reply:
        """Sends a request and returns the answer. The line, if one is given, can cut it short.

        Raises:
            Refused: Nobody listens at the address.
            Lost: It broke in between. That happens when the server closed an idle connection meanwhile, so send the request again.
            socket.timeout: No answer within the time.
            http.client.HTTPException: The answer is not HTTP.
            KlockError: ``CLOSED``.
        """
        line = line or Line()
        connection = self._take()
        try:
            self._connect(connection, timeout_s)
            line.use(connection)
            try:
                connection.request(method, self._target(path), body, {**headers, **self._for_the_proxy()})
            except (BrokenPipeError, ConnectionResetError):
                pass  # it may have answered, and closed, without reading all of a body that is too large
            answer = connection.getresponse()
            text = answer.read()
            line.use(None)
        except socket.timeout:
            connection.close()
            raise
        except (ConnectionError, http.client.BadStatusLine, http.client.IncompleteRead) as error:
            connection.close()
            if isinstance(error, Refused) or _is_rubbish(error):
                raise
            raise Lost(str(error)) from None
        except BaseException:  # Ctrl-C in a wait: the server sees the connection close, and unqueues the request
            connection.close()
            raise
        self._give_back(connection, answer.will_close)
        return Reply(answer.status, text, _seconds(answer.headers.get("Retry-After")))

    def close(self) -> None:
        """Closes the idle ones; those in use are closed after their answers."""
        with self._lock:
            self.is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connect(self, connection: http.client.HTTPConnection, timeout_s: float) -> None:
        connection.timeout = timeout_s if self._connect_s is None else min(timeout_s, self._connect_s)
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
            return
        try:
            connection.connect()
        except socket.timeout:
            if self._connect_s is None:
                raise
            raise Refused(f"there was no connection within {connection.timeout:g} s") from None
        except OSError as error:
            raise Refused(str(error)) from None
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
        if connection.sock is not None and not self.address.socket:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self) -> http.client.HTTPConnection:
        with self._lock:
            if self.is_closed:
                raise KlockError("CLOSED", "The client is closed.")
            if self._idle:
                return self._idle.pop()
        connection = self._new()
        # A program may have turned this on for all connections of the process, and it would print the key.
        connection.set_debuglevel(0)
        return connection

    def _new(self) -> http.client.HTTPConnection:
        address, proxy = self.address, self.proxy
        if address.socket:
            return _UnixConnection(address.socket)
        host, port = (proxy.host, proxy.port) if proxy else (address.host, address.port)
        if address.scheme == "http":
            return http.client.HTTPConnection(host, port)
        if self._tls is None:
            import ssl  # here: it is slow to load

            # A context of our own: a program may have turned off the checks for all connections of the process.
            self._tls = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, context=self._tls)
        if proxy:
            connection.set_tunnel(address.host, address.port, self._credentials())
        return connection

    def _target(self, path: str) -> str:
        target = self.address.prefix + path
        return f"http://{self.address.authority}{target}" if self._is_forwarded() else target

    def _for_the_proxy(self) -> Dict[str, str]:
        return self._credentials() if self._is_forwarded() else {}

    def _is_forwarded(self) -> bool:
        return self.proxy is not None and self.address.scheme == "http"

    def _credentials(self) -> Dict[str, str]:
        credentials = self.proxy.credentials if self.proxy else None
        return {"Proxy-Authorization": credentials} if credentials else {}

    def _start_anew(self) -> None:
        # Connections of before the fork are the parent's: two processes would read each other's answers.
        self._lock, self._idle = Lock(), []

    def _give_back(self, connection: http.client.HTTPConnection, will_close: bool) -> None:
        with self._lock:
            if not will_close and not self.is_closed:
                self._idle.append(connection)
                return
        connection.close()


def _is_rubbish(error: BaseException) -> bool:
    # RemoteDisconnected, an empty answer, is a BadStatusLine too.
    return isinstance(error, http.client.BadStatusLine) and not isinstance(error, http.client.RemoteDisconnected)


def _seconds(text: Optional[str]) -> Optional[float]:
    return float(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 10 else None


_all_connections: "WeakSet[Connections]" = WeakSet()


def _start_anew() -> None:
    for connections in list(_all_connections):
        connections._start_anew()


os.register_at_fork(after_in_child=_start_anew)
