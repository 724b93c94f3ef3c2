"""The reader: a process that keeps checking that the file is whole, valid Python while the agents edit it."""
from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Optional

from edits import parses
from klock import KlockClient
from lease import get_lease
from records import ReaderRecord

PAUSE_S = 0.002


@dataclass(frozen=True)
class Reader:
    """The reader's orders. `storage` is where the leases are kept, None to read without Klock."""

    name: str
    priority: int
    path: Path
    last_line: str
    storage: Optional[str]

    def run(self, together: Barrier, stop: Event) -> ReaderRecord:
        """Read until `stop` is set, and tell what was seen."""
        record = ReaderRecord()
        klock = None
        if self.storage is not None:
            klock = KlockClient(self.storage)
            klock.register_agent(self.name, self.priority)
        together.wait()
        parent = multiprocessing.parent_process()
        while not stop.is_set() and (parent is None or parent.is_alive()):
            text = self.read(klock, record)
            record.reads += 1
            # An empty file is valid Python too, and yet not whole.
            record.torn += not (parses(text) and text.endswith(self.last_line))
            time.sleep(PAUSE_S)
        return record

    def read(self, klock: Optional[KlockClient], record: ReaderRecord) -> str:
        """Read the file, with Klock under a CONSUMES lease: others may read too, nobody may write."""
        if klock is None:
            return self.path.read_text(encoding="utf-8")
        lease = get_lease(klock, self.name, str(self.path), "CONSUMES", "checking the file", record.leases)
        try:
            return self.path.read_text(encoding="utf-8")
        finally:
            klock.release_lease(lease["lease_id"])
