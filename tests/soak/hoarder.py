"""Who takes very many leases at once, with long notes, and ends the session: so the journal grows, and snapshots take its place."""

from __future__ import annotations

import threading
import uuid
from typing import List

from asking import Asker
from record import Record
from servers import LeftAlone, Server

_LEASES, _TTL_MS = 32, 2_000
_NOTE = "n" * 1024
_EVERY_S = 0.25


class Hoarder(threading.Thread):
    """Nobody else wants what it takes."""

    def __init__(self, servers: List[Server], record: Record, left_alone: LeftAlone) -> None:
        super().__init__(name="hoarder", daemon=True)
        self._asker, self._ending = Asker(self.name, servers, 0, record, left_alone), threading.Event()

    def stop(self) -> None:
        """It ends."""
        self._ending.set()

    def give_up(self) -> None:
        """Its servers do not answer any more, and never will."""
        self._asker.give_up()

    def run(self) -> None:
        """Takes and ends until it is stopped."""
        number = 0
        while not self._ending.wait(_EVERY_S):
            number += 1
            session = f"s{number}"
            intents = [{"resource_type": "CUSTOM", "resource_path": f"hoard/{each}", "predicate": "MUTATES"} for each in range(_LEASES)]
            body = {"agent_id": self.name, "session_id": session, "intents": intents, "ttl": _TTL_MS, "wait_ms": 5_000, "note": _NOTE,
                    "request_id": uuid.uuid4().hex}
            facts = {"agent": self.name, "session": session}
            self._asker.ask("acquire", "POST", "/intents", body, **facts, ttl=_TTL_MS, wait=5_000,
                            wanted=[[f"CUSTOM:hoard/{each}", "MUTATES"] for each in range(_LEASES)])
            self._asker.ask("end", "DELETE", f"/sessions/{self.name}/{session}", **facts)
