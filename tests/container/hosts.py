"""Servers and certificates on this machine, without a container."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import time
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from engine import TOP

KLOCK = TOP / "dist" / "bin" / "klock"
NAME = "klock.example.org"
PATIENCE_S = 30


def clean(**more: str) -> Dict[str, str]:
    """The environment, without the tester's own Klock."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}, **more}


def free_port() -> int:
    """A port that nobody listens to right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> Tuple[Path, Path]:
    """A certificate for NAME and localhost that is its own authority, and its key."""
    files = folder / "fullchain.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost", "-out", str(files[0]), "-keyout", str(files[1])],
        check=True, capture_output=True)
    return files


@contextlib.contextmanager
def process(command: List[str], log: Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A program in the background; it is ended afterwards."""
    with open(log, "w", encoding="utf-8") as errors:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=log.parent,
                                   env=clean(**environment))
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(PATIENCE_S)
            finally:
                started.kill()
                started.stdout.close()


@contextlib.contextmanager
def klock(folder: Path, arguments: List[str], **environment: str) -> Iterator[int]:
    """`klock serve` at a free port, once it is ready; its port."""
    with process([str(KLOCK), "serve", *arguments, "--port", "0"], folder / "klock.log", **environment) as server:
        line = server.stdout.readline()
        assert line.startswith("klock listening on "), (line, (folder / "klock.log").read_text())
        yield int(line.rsplit(":", 1)[1])


def until(holds, what: str):
    """Waits until something holds, and gives it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            found = holds()
            if found:
                return found
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


class Tls:
    """Requests over TLS, to a name that leads to this machine."""

    def __init__(self, port: int, authority: Path, name: str = NAME, key: Optional[str] = None) -> None:
        self._port, self._name, self._key = port, name, key
        self._context = ssl.create_default_context(cafile=str(authority))

    def connect(self) -> http.client.HTTPConnection:
        """A connection."""
        connection = http.client.HTTPConnection(self._name, self._port, timeout=PATIENCE_S)
        connection.sock = self._context.wrap_socket(socket.create_connection(("127.0.0.1", self._port), PATIENCE_S),
                                                    server_hostname=self._name)
        return connection

    def send(self, method: str, path: str, body: Optional[dict] = None) -> http.client.HTTPConnection:
        """Sends a request; its answer is still to be read."""
        connection = self.connect()
        key = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json", **key})
        return connection

    def ask(self, method: str, path: str, body: Optional[dict] = None) -> Tuple[int, dict]:
        """A request; its status and answer."""
        with contextlib.closing(self.send(method, path, body)) as connection:
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith(b"{") else {"text": text.decode()}
