"""Servers for tests: the real program, at a port of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, Optional

READY = "klock listening on "


def program() -> str:
    """The built server."""
    return str(Path(os.environ["KLOCK_TEST_TOP"]) / "dist" / "bin" / "klock-server")


@contextlib.contextmanager
def process(*arguments: str, environment: Optional[Dict[str, str]] = None) -> Iterator["subprocess.Popen[str]"]:
    """A server, once it listens. It is gone afterwards, and a test may end it before."""
    process = subprocess.Popen(
        [program(), *arguments], stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith(READY), f"{arguments}: it said {line!r} and ended with {process.poll()}"
        yield process
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@contextlib.contextmanager
def running(*arguments: str, environment: Optional[Dict[str, str]] = None) -> Iterator[str]:
    """A server, at a free port unless the arguments name one; yields its URL. It is gone afterwards."""
    port = [] if "--port" in arguments else ["--port", "0"]
    command: List[str] = [program(), *port, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith(READY), f"{command} said {line!r} and ended with {process.poll()}"
        yield line[len(READY) :].strip()
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def free_port() -> int:
    """A port that nobody listens to right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
