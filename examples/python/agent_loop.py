"""The loop of an agent framework, with several agents as processes of their own that share one repo.

Each agent gets a task and asks its model for the next step until the model is done; a step is the call of a tool. Here the model is a
script, so that this runs anywhere: put yours in its place. What Klock adds is the line in `edit`: the step that reads, changes and writes a
file holds a lease on it. An agent that is told to die starts its task over, with a fresh look at the files.

usage: python agent_loop.py     (where klock is installed)
"""

import multiprocessing
import tempfile
from pathlib import Path

from klock import Klock, KlockConflictError

# Every agent renames a function where it is defined and where it is used: the same two files for all of them, in either order.
TASKS = {f"agent-{number}": (f"step_{number}", f"phase_{number}") for number in range(6)}


def scripted_model(agent, task, messages):
    """The next step: a tool and its arguments, or None when the task is done. `messages` are the results so far."""
    old, new = task
    files = ["lib.py", "main.py"] if int(agent[-1]) % 2 else ["main.py", "lib.py"]
    if len(messages) == len(files):
        return None
    return "rename", {"file": files[len(messages)], "old": old, "new": new}


class Tools:
    """What a model may call."""

    def __init__(self, klock, repo):
        self._klock, self._repo = klock, repo

    def rename(self, file, old, new):
        path = self._repo / file
        with self._klock.file(path, note=f"{old} becomes {new}", max_retries=60):
            path.write_text(path.read_text().replace(old, new))
        return f"{file}: {old} is {new}"


def agent_loop(agent, task, repo):
    with Klock.embedded(agent, storage=f"sqlite:{repo / 'klock.db'}") as klock:
        tools = Tools(klock, repo)
        messages = []
        while (step := scripted_model(agent, task, messages)) is not None:
            tool, arguments = step
            try:
                messages.append(getattr(tools, tool)(**arguments))
            except KlockConflictError as conflict:
                print(f"{agent} starts over: {conflict.reason}")
                messages.clear()
        print(f"{agent}: {', '.join(messages)}")


def main():
    with tempfile.TemporaryDirectory() as name:
        repo = Path(name)
        for file in ("lib.py", "main.py"):
            (repo / file).write_text("".join(f"{old}()\n" for old, _ in TASKS.values()))
        agents = [multiprocessing.Process(target=agent_loop, args=(agent, task, repo)) for agent, task in TASKS.items()]
        for each in agents:
            each.start()
        for each in agents:
            each.join()
        wanted = "".join(f"{new}()\n" for _, new in TASKS.values())
        done = all((repo / file).read_text() == wanted for file in ("lib.py", "main.py"))
        print("every rename is in both files" if done else "a rename was lost")


if __name__ == "__main__":
    main()
