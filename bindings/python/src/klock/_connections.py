"""Connections to one server, kept open between requests."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import threading
from typing import List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import SplitResult, urlsplit

from ._errors import KlockError

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Refused(ConnectionError):
    """No connection came about, so nothing was asked."""


class Lost(ConnectionError):
    """The connection broke before the answer was there: what was asked may have been done."""


class Line:
    """The way that one request takes, which another thread may cut. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Optional[http.client.HTTPConnection] = None
        self.is_cut = False

    def cut(self) -> None:
        """Ends the request: whoever waits for its answer gets an error, and the server sees that nobody does any more."""
        with self._lock:
            self.is_cut = True
            sock = self._connection.sock if self._connection else None
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def use(self, connection: Optional[http.client.HTTPConnection]) -> None:
        """It goes over this connection from now on, or over none.

        Raises:
            Lost: It is cut.
        """
        with self._lock:
            self._connection = connection
            if self.is_cut and connection is not None:
                raise Lost("the request was given up")


class Address(NamedTuple):
    """Where a server is."""

    scheme: str
    host: str
    port: int
    prefix: str

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, by a name that says so."""
        return self.scheme == "http" and self.host in _LOCAL_NAMES

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.prefix}"


def parse_url(url: str) -> Address:
    """Reads ``http://host:port``.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is no such URL.
    """
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except (TypeError, ValueError, AttributeError):
        raise _invalid() from None
    if not isinstance(url, str) or parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.query or parts.fragment:
        raise _invalid()
    if parts.username is not None:
        raise KlockError("INVALID_REQUEST", "base_url holds a name or password: hand the key over as api_key.")
    return Address(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/"))


def _invalid() -> KlockError:
    allowed = "it must be http:// or https:// and a host, as http://localhost:3100"
    return KlockError("INVALID_REQUEST", f"base_url is not a server's URL: {allowed}.")


class Connections:
    """As many as there are requests at once; those that are idle are used again. Thread-safe, and empty again after a fork."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._idle: List[http.client.HTTPConnection] = []
        self._pid = os.getpid()
        self._closed = False

    def ask(
        self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str], timeout_s: float, line: Optional[Line] = None
    ) -> Tuple[int, bytes]:
        """Sends a request and returns status and body of the answer. A line that is given can cut it short.

        Raises:
            Refused: Nobody listens there.
            Lost: It broke in between. An idle connection that the server closed meanwhile does, so ask again.
            socket.timeout: No answer within the time.
            http.client.HTTPException: What came is not HTTP.
            KlockError: ``CLOSED``.
        """
        line = line or Line()
        connection = self._take()
        try:
            self._connect(connection, timeout_s)
            line.use(connection)
            try:
                connection.request(method, self._address.prefix + path, body, dict(headers))
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
            if isinstance(error, (Refused, http.client.IncompleteRead)) or _is_rubbish(error):
                raise
            raise Lost(str(error)) from None
        except BaseException:  # Ctrl-C in a wait: the server sees the connection go, and takes the request off the queue
            connection.close()
            raise
        self._give_back(connection, answer.will_close)
        return answer.status, text

    def close(self) -> None:
        """Closes the idle ones; those in use are closed when their answers are there."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connect(self, connection: http.client.HTTPConnection, timeout_s: float) -> None:
        connection.timeout = timeout_s
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
            return
        try:
            connection.connect()
        except socket.timeout:
            raise
        except OSError as error:
            raise Refused(str(error)) from None
        if connection.sock is not None:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self) -> http.client.HTTPConnection:
        with self._lock:
            if self._closed:
                raise KlockError("CLOSED", "The client is closed.")
            if self._pid != os.getpid():
                # They are the parent's: two processes would read each other's answers.
                self._idle, self._pid = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        if self._address.scheme == "https":
            return http.client.HTTPSConnection(self._address.host, self._address.port)
        return http.client.HTTPConnection(self._address.host, self._address.port)

    def _give_back(self, connection: http.client.HTTPConnection, will_close: bool) -> None:
        with self._lock:
            if not will_close and not self._closed and self._pid == os.getpid():
                self._idle.append(connection)
                return
        connection.close()


def _is_rubbish(error: BaseException) -> bool:
    # RemoteDisconnected, which is nothing at all, is a BadStatusLine too.
    return isinstance(error, http.client.BadStatusLine) and not isinstance(error, http.client.RemoteDisconnected)
