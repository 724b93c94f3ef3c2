"""A tool that agents call: one line makes every call hold a lease on the file it is about to change.

The decorator goes under the framework's own, as in

    @tool
    @klock_protected(...)
    def append_line(path: str, line: str) -> str: ...

usage: python protected_tool.py     (where klock is installed)
"""

import tempfile
import threading
import time
import uuid
from pathlib import Path

from klock import KlockClient, KlockConflictError, klock_protected

client = KlockClient()


def tools_of(agent_id, max_retries=10):
    """The tools as one agent has them."""

    @klock_protected(client, agent_id, None, "FILE", lambda call: call["path"], max_retries=max_retries)
    def append_line(path: str, line: str) -> str:
        """Adds a line to a text file."""
        text = Path(path).read_text()
        time.sleep(0.01)  # whatever takes its time: another agent would write meanwhile
        Path(path).write_text(f"{text}{line}\n")
        return f"{agent_id} wrote {line!r}"

    return append_line


with tempfile.TemporaryDirectory() as folder:
    notes = Path(folder) / "notes.txt"
    notes.touch()
    agents = ("reader", "writer", "tester", "critic")
    calls = [threading.Thread(target=tools_of(agent), args=(str(notes), f"{agent} was here")) for agent in agents]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    print(f"{len(notes.read_text().splitlines())} of {len(calls)} lines are there")

    # Whoever does not want to wait is told who is in the way.
    with_note = client.acquire_lease("writer", uuid.uuid4().hex, "FILE", str(notes.resolve()), "MUTATES", 60_000, note="a long rewrite")
    assert with_note["success"]
    try:
        tools_of("tester", max_retries=0)(str(notes), "and again")
    except KlockConflictError as conflict:
        print(f"{conflict.agent_id} gives way: {conflict.reason}")
