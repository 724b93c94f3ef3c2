"""HTTP to a server: on this machine, or in the network namespace of a container."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import socket
import threading
from typing import Dict, Optional, Tuple

_CLONE_NEWNET = 0x40000000


class Network:
    """Makes requests from within the network of a process; of this one without a pid."""

    def __init__(self, pid: Optional[int] = None, port: int = 3100) -> None:
        self._pid, self._port = pid, port

    def connect(self, timeout: float = 20) -> http.client.HTTPConnection:
        """A connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=timeout)
        connection.sock = self._socket() if self._pid else socket.socket()
        connection.sock.settimeout(timeout)
        connection.sock.connect(("127.0.0.1", self._port))
        return connection

    def ask(self, method: str, path: str, body: Optional[dict] = None, **headers: str) -> Tuple[int, dict]:
        """A request; its status and answer."""
        connection = self.connect()
        try:
            text = None if body is None else json.dumps(body)
            named: Dict[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, text, {"Content-Type": "application/json", **named})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    # A socket stays in the network in which it was made, whatever its process does afterwards: so a short-lived thread goes there.
    def _socket(self) -> socket.socket:
        made = []

        def make() -> None:
            libc = ctypes.CDLL(None, use_errno=True)
            space = os.open(f"/proc/{self._pid}/ns/net", os.O_RDONLY)
            try:
                if libc.setns(space, _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
                made.append(socket.socket())
            finally:
                os.close(space)

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        assert made, "the network of the container cannot be entered"
        return made[0]


def lease(path: str, agent: str = "a", **more) -> dict:
    """The body of a request for a file."""
    return {"agent_id": agent, "session_id": "s", "resource_type": "FILE", "resource_path": path, "predicate": "MUTATES",
            "ttl": 600_000, **more}
