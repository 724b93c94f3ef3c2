"""What was seen in a run: one line of JSON each, in the order in which it ended. The checker needs nothing else."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator, List

Entry = Dict[str, Any]


def now() -> float:
    """Seconds by the clock that all times of a record are of."""
    return time.monotonic()


class Record:
    """Thread-safe. Kinds of entries, by `kind`; times are of now().

    - settings: seed, seconds, program.
    - ask: a request of a client, however many tries it took. `verb` (acquire, renew, change, release, end: of a session), `name` of the
      client, `first` (the first try was sent), `sent` (the last one), `answered`, `server` that answered, `status` (0: nobody did),
      `tries`, `lease` (its id, where there is one), `agent`, `session`, `wanted` ([resource, predicate] each), `ttl` and `wait` (ms),
      and `answer`.
    - look: GET of a lease: `lease`, `sent`, `answered`, `server`, `status`.
    - read: what a poll of etcd found: `sent`, `answered`, `batches` of `id`, `after`, `before` and `events`, as
      journal.py reads them.
    - fault: `what`, `from`, `healed`.
    - end: `leases`: by server, what GET /leases says when all is over; `snapshot`: the number that the last snapshot stands for.
    """

    def __init__(self, path: Path) -> None:
        self._file = open(path, "w", encoding="utf-8")
        self._lock = threading.Lock()

    def add(self, kind: str, **fields: Any) -> None:
        """Adds an entry."""
        line = json.dumps({"kind": kind, **fields}, separators=(",", ":"))
        with self._lock:
            self._file.write(line + "\n")

    def close(self) -> None:
        """Nothing more is added."""
        with self._lock:
            self._file.close()


def read(path: Path) -> List[Entry]:
    """The entries of a file."""
    def lines() -> Iterator[Entry]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    return list(lines())
