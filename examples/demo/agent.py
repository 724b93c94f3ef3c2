"""One agent: a process that makes its edits to the shared file, with Klock or (to see what happens) without."""
from __future__ import annotations

import random
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, List, Optional, Tuple

from edits import Edit
from klock import KlockClient
from lease import get_lease
from records import AgentRecord

THINK_MS = (2.0, 10.0)
# What an agent does between two edits. With much less the file is never free, everybody becomes senior, and age says nothing any more.
ELSEWHERE_MS = (0.0, 120.0)
PATIENCE_IF_EMPTY_S = 1.0  # Somebody is just about to write it.
PATIENCE_IF_DAMAGED_S = 0.05


@dataclass(frozen=True)
class Agent:
    """An agent's orders. `storage` is where the leases are kept, None to work without Klock."""

    name: str
    priority: int  # lower is older: the older of two may wait, the younger has to step back
    path: Path
    edits: List[Edit]
    storage: Optional[str]

    def run(self, together: Barrier, progress: Any) -> AgentRecord:
        """Make all edits and tell how it went. `progress` is a shared counter that only this agent writes."""
        record = AgentRecord(self.name)
        klock = None
        if self.storage is not None:
            klock = KlockClient(self.storage)
            klock.register_agent(self.name, self.priority)
        together.wait()
        record.started_at = time.monotonic()
        for edit in self.edits:
            try:
                if klock is None:
                    self.make(edit, record)
                else:
                    self.make_under_lease(edit, klock, record)
            except Exception as error:  # noqa: BLE001 - whatever an agent is told counts
                record.errors.append(f"{type(error).__name__}: {error}")
            progress.value += 1
            pause(ELSEWHERE_MS)
        record.finished_at = time.monotonic()
        return record

    def make_under_lease(self, edit: Edit, klock: KlockClient, record: AgentRecord) -> None:
        """Take a lease first, then read: nobody else can write between our read and our write."""
        lease = get_lease(klock, self.name, str(self.path), "MUTATES", edit.comment, record.leases)
        try:
            self.make(edit, record)
        finally:
            in_time = klock.release_lease(lease["lease_id"])
        if not in_time:
            raise RuntimeError("the lease ran out before the edit was done, so others may have written too")

    def make(self, edit: Edit, record: AgentRecord) -> None:
        """What every editing tool does: read the whole file, think, write the whole file."""
        text = self.read_whole(edit, record)
        pause(THINK_MS)
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(edit.apply(text))

    def read_whole(self, edit: Edit, record: AgentRecord) -> str:
        """Read the file, again if it was caught while another agent wrote it (under a lease it never is).

        Without leases it may stay damaged for good: after a while the agent makes do with what is there.
        """
        asked_at = time.monotonic()
        while True:
            text = self.path.read_text(encoding="utf-8")
            patience_s = PATIENCE_IF_DAMAGED_S if text else PATIENCE_IF_EMPTY_S
            if edit.fits(text) or time.monotonic() - asked_at > patience_s:
                return text
            record.half_written += 1
            time.sleep(0.001)


def pause(bounds_ms: Tuple[float, float]) -> None:
    """Sleep for a random time between two bounds in milliseconds."""
    time.sleep(random.uniform(*bounds_ms) / 1000)
