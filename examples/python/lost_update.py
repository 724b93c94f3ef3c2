"""Eight agents, each a process of its own, edit one file: they read it, think, and write it back. Without Klock edits vanish, and
nobody sees an error; with it every edit is there.

usage: python lost_update.py     (where klock is installed)
"""

import multiprocessing
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from klock import Klock

AGENTS = 8
EDITS = 10


def agent(number, folder, is_careful):
    file = folder / "auth.py"
    with Klock.embedded(f"agent-{number}", storage=f"sqlite:{folder / 'klock.db'}") as klock:
        for edit in range(EDITS):
            with klock.file(file, max_retries=60) if is_careful else nullcontext():
                text = file.read_text()
                time.sleep(0.001)  # thinks
                file.write_text(f"{text}# edit {edit} of agent-{number}\n")


def race(is_careful):
    """Lets all agents work, and counts the edits that are there in the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "auth.py").touch()
        agents = [multiprocessing.Process(target=agent, args=(number, folder, is_careful)) for number in range(AGENTS)]
        for each in agents:
            each.start()
        for each in agents:
            each.join()
            assert each.exitcode == 0
        return len((folder / "auth.py").read_text().splitlines())


if __name__ == "__main__":
    print(f"without Klock: {race(False)} of {AGENTS * EDITS} edits are there")
    print(f"with Klock:    {race(True)} of {AGENTS * EDITS} edits are there")
