"""A program that runs on a machine, and what can be done to it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Dict, List, Optional

from network import Host


class Program:
    """Started as often as it takes; its output is one file."""

    def __init__(self, host: Host, command: List[str], log: Path, environment: Optional[Dict[str, str]] = None) -> None:
        self.host, self._command, self._log = host, command, log
        self._environment = {**os.environ, **(environment or {})}
        self._process: Optional[subprocess.Popen] = None

    @property
    def name(self) -> str:
        """That of its machine."""
        return self.host.name

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it, if it does not run."""
        if self.is_running:
            return
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(self.host.command(*self._command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             env=self._environment)

    def kill(self) -> None:
        """Ends it without a word."""
        self._end(signal.SIGKILL, 10)

    def stop(self) -> None:
        """Asks it to end."""
        self._end(signal.SIGTERM, 20)

    def pause(self) -> None:
        """It does nothing from now on."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on as if no time had passed."""
        os.kill(self._process.pid, signal.SIGCONT)

    def _end(self, number: int, patience_s: float) -> None:
        if self.is_running:
            os.kill(self._process.pid, number)
            self._process.wait(patience_s)
