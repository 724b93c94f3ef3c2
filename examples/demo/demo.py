"""Eight agents edit one file at once: first without Klock, then with it. Run it with `./build.sh demo`."""
from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Optional

# This checkout's own Klock, whatever is installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings" / "python" / "src"))

from agent import ELSEWHERE_MS, THINK_MS, Agent
from edits import SOURCE, plan_edits
from episode import find_episode
from klock import KlockClient
from outcome import Outcome, complaints, look_at
from race import RaceFailed, run_race
from reader import Reader
from report import show_episode, show_numbers, show_outcome
from terminal import Terminal

AGENTS = [f"agent-{number}" for number in range(1, 9)]
PRIORITIES = {name: number for number, name in enumerate([*AGENTS, "reader"], start=1)}
EDITS_PER_AGENT = 25

# For the demo's own tests, which must see it fail: "skip" runs both races without leases, "both" both with them.
SABOTAGE = os.environ.get("KLOCK_DEMO_SABOTAGE", "")


def race_on_a_copy(terminal: Terminal, folder: Path, storage: Optional[str]) -> Outcome:
    """Let all agents loose on a fresh copy of the source file and see what is left of their edits."""
    original = SOURCE.read_text(encoding="utf-8")
    path = folder / SOURCE.name
    path.write_text(original, encoding="utf-8")
    plan = plan_edits(original, AGENTS, EDITS_PER_AGENT)
    edits = [edit for own in plan for edit in own]
    agents = [Agent(name, PRIORITIES[name], path, own, storage) for name, own in zip(AGENTS, plan)]
    reader = Reader("reader", PRIORITIES["reader"], path, edits[0].last_line, storage)
    try:
        race = run_race(agents, reader, lambda done: terminal.progress(f"   {done} of {len(edits)} edits made"))
    finally:
        terminal.end_progress()
    return look_at(original, path.read_text(encoding="utf-8"), edits, race)


def demo(terminal: Terminal, folder: Path) -> int:
    """Run both races and show them; the exit code."""
    length = len(SOURCE.read_text(encoding="utf-8").splitlines())
    leases = f"sqlite:{folder / 'klock.db'}"
    title = f"{len(AGENTS)} agents, each a process of its own, edit one file at once."
    terminal.line(terminal.paint(title, "bold"))
    terminal.line(f"The file: a copy of Python's own {SOURCE.name}, {length} lines. Each agent makes {EDITS_PER_AGENT} edits:")
    think = f"think {THINK_MS[0]:.0f} to {THINK_MS[1]:.0f} ms"
    terminal.line(f"read all of it, {think}, write all of it, be elsewhere for up to {ELSEWHERE_MS[1]:.0f} ms.")
    terminal.line(terminal.paint("\n1. Without Klock", "bold"))
    without = race_on_a_copy(terminal, folder, leases if SABOTAGE == "both" else None)
    show_outcome(terminal, without)
    terminal.line(terminal.paint("\n2. With Klock: a lease before each edit, kept in one SQLite file, no server", "bold"))
    with_klock = race_on_a_copy(terminal, folder, None if SABOTAGE == "skip" else leases)
    show_outcome(terminal, with_klock)
    terminal.line(terminal.paint("\n3. The two races in numbers", "bold"))
    show_numbers(terminal, without, with_klock)
    episode = find_episode(with_klock.race, PRIORITIES)
    if episode:
        terminal.line(terminal.paint("\n4. One moment of the race with Klock, as recorded (lower priority = older)", "bold"))
        show_episode(terminal, episode, PRIORITIES, str(folder))
    return conclude(terminal, without, with_klock)


def conclude(terminal: Terminal, without: Outcome, with_klock: Outcome) -> int:
    """Say what the run has shown, or why it has failed; the exit code."""
    reasons = complaints(without, with_klock)
    terminal.line()
    for reason in reasons:
        terminal.line(terminal.paint(f"FAILED: {reason}", "red"))
    if not reasons:
        terminal.line(terminal.paint(f"Klock kept all {with_klock.edits} edits. "
                                     f"Without it {without.lost} were lost, and nobody was told.", "green"))
    return 1 if reasons else 0


def main() -> int:
    """Run the demo in a folder of its own, which is gone afterwards, also after Ctrl-C; the exit code."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    terminal = Terminal()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        KlockClient().close()  # If the library is missing, say so now and not in the middle of a race.
        with tempfile.TemporaryDirectory(prefix="klock-demo-") as folder:
            return demo(terminal, Path(folder).resolve())
    except (RaceFailed, OSError) as failure:
        terminal.line(terminal.paint(f"FAILED: {failure}", "red"))
        return 1
    except KeyboardInterrupt:
        terminal.line("Stopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
