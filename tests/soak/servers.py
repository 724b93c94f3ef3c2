"""Klock's servers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import List, Optional

from door import Door, NoAnswer
from members import CLIENT_PORT
from network import Host
from program import Program

PORT = 3100
_HOUR_MS = 3_600_000
# By how much their clocks are wrong.
_CLOCKS = (0, _HOUR_MS, -_HOUR_MS)


class LeftAlone:
    """The server at which nobody asks for anything but to read, at the moment.

    Else it soon learns by its own writes that it has missed something, and fewer answers from before that are seen.

    Attributes:
        name: which; None for none.
    """

    def __init__(self) -> None:
        self.name: Optional[str] = None


class Server(Program):
    """One of the three; the first member that it asks is another one for each."""

    def __init__(self, host: Host, number: int, members: List[Host], program: Path, folder: Path) -> None:
        order = members[number:] + members[:number]
        store = "etcd:http://" + ",".join(f"{member.address}:{CLIENT_PORT}" for member in order)
        super().__init__(host, [str(program), "--host", host.address, "--port", str(PORT), "--storage", store],
                         folder / f"{host.name}.log", {"KLOCK_TEST_CLOCK_OFFSET_MS": str(_CLOCKS[number]), "KLOCK_API_KEY": ""})

    def door(self) -> Door:
        """A way to it."""
        return Door(self.host.address, PORT)

    def wait_until_ready(self, patience_s: float = 30) -> None:
        """Waits until it and its store answer."""
        deadline = time.monotonic() + patience_s
        door = self.door()
        while True:
            try:
                if door.ask("GET", "/health")[0] == 200:
                    door.close()
                    return
            except NoAnswer:
                pass
            if not self.is_running or time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} does not start, see its log")
            time.sleep(0.1)
