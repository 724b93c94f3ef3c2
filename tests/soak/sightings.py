"""Who looks whether every server knows what another one has answered, and whether each of them grants."""

from __future__ import annotations

import random
import threading
import uuid
from collections import deque
from typing import Deque, List, Optional, Tuple

from asking import Asker
from door import NoAnswer
from record import Record, now
from servers import LeftAlone, Server


_TTL_MS = 1_000


class Board:
    """The leases that clients were just told of, and by which server. Thread-safe."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._latest: Deque[Tuple[str, str]] = deque(maxlen=40)
        self._count = 0

    def tell(self, lease: str, server: str) -> None:
        """A lease was granted, or released."""
        with self._news:
            self._latest.append((lease, server))
            self._count += 1
            self._news.notify_all()

    def wait(self, patience_s: float) -> Optional[Tuple[str, str]]:
        """The next one that is told."""
        with self._news:
            before = self._count
            return self._latest[-1] if self._news.wait_for(lambda: self._count > before, patience_s) else None

    def pick(self, chance: random.Random) -> Optional[Tuple[str, str]]:
        """One of the last."""
        with self._news:
            return chance.choice(self._latest) if self._latest else None


class Witness(threading.Thread):
    """Asks servers for leases that clients of others were told of: at once, and a little later."""

    def __init__(self, number: int, seed: str, servers: List[Server], record: Record, board: Board) -> None:
        super().__init__(name=f"w{number}", daemon=True)
        self._random, self._servers = random.Random(f"{seed}/{self.name}"), servers
        self._record, self._board, self._ending = record, board, threading.Event()

    def stop(self) -> None:
        """It ends."""
        self._ending.set()

    def run(self) -> None:
        """Looks until it is stopped."""
        doors = {server.name: server.door() for server in self._servers}
        while not self._ending.wait(0.005):
            told = self._board.wait(0.5) if self._random.random() < 0.8 else self._board.pick(self._random)
            if told is None:
                continue
            lease, by = told
            server = self._random.choice([name for name in doors if name != by])
            sent = now()
            try:
                status = doors[server].ask("GET", f"/leases/{lease}", timeout_s=0.5)[0]
            except NoAnswer:
                continue
            if status in (200, 404, 410):
                self._record.add("look", lease=lease, sent=sent, answered=now(), server=server, status=status)


class Probe(threading.Thread):
    """Takes and releases a lease of its own at one server, again and again.

    Attributes:
        granted_at: when it was granted something last.
    """

    def __init__(self, server: Server, record: Record, board: Board, left_alone: LeftAlone) -> None:
        super().__init__(name=f"probe-{server.name}", daemon=True)
        self._server, self._board, self._left_alone, self._ending = server.name, board, left_alone, threading.Event()
        self._asker = Asker(self.name, [server], 0, record, left_alone)
        self.granted_at = 0.0

    def stop(self) -> None:
        """It ends."""
        self._ending.set()
        self._asker.give_up()

    def run(self) -> None:
        """Probes until it is stopped."""
        facts = {"agent": self.name, "session": "s"}
        while not self._ending.wait(0.1):
            if self._server == self._left_alone.name:
                continue
            body = {"agent_id": self.name, "session_id": "s", "resource_type": "CUSTOM", "resource_path": self.name,
                    "predicate": "CONSUMES", "ttl": _TTL_MS, "request_id": uuid.uuid4().hex}
            status, answer, _ = self._asker.ask("acquire", "POST", "/leases", body, **facts, ttl=_TTL_MS,
                                                wanted=[[f"CUSTOM:{self.name}", "CONSUMES"]])
            if status == 201:
                self.granted_at = now()
                lease = answer["data"]["lease_id"]
                self._board.tell(lease, self._asker.server)
                self._asker.ask("release", "DELETE", f"/leases/{lease}", lease=lease, **facts)
                self._board.tell(lease, self._asker.server)
