"""HTTP to one host, over a connection that is kept."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, Optional, Tuple


class NoAnswer(Exception):
    """Nothing came back: what was asked for may have happened."""


class Door:
    """Not thread-safe."""

    def __init__(self, address: str, port: int) -> None:
        self._address, self._port = address, port
        self._connection: Optional[http.client.HTTPConnection] = None

    def ask(self, method: str, path: str, body: Optional[dict] = None, timeout_s: float = 2.0) -> Tuple[int, Any]:
        """A request; its status and answer.

        Raises:
            NoAnswer: there was none in time, or the connection broke.
        """
        try:
            connection = self._connect(timeout_s)
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"} if text else {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException, ValueError) as lost:
            self.close()
            raise NoAnswer(f"{type(lost).__name__}: {lost}") from lost

    def close(self) -> None:
        """Closes the connection; the next request makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self, timeout_s: float) -> http.client.HTTPConnection:
        # A server that is about to end says in its answer that it closes the connection, and http.client does so too.
        if self._connection is None or self._connection.sock is None:
            self._connection = http.client.HTTPConnection(self._address, self._port)
            # A machine that is gone is found out sooner than a slow answer.
            self._connection.sock = socket.create_connection((self._address, self._port), min(timeout_s, 1.0))
            # Otherwise head and body of a request are 40 ms apart.
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sock.settimeout(timeout_s)
        return self._connection
