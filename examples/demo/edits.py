"""What the agents are told to do: 200 edits, each one line at a place of its own in one real source file."""
from __future__ import annotations

import ast
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import List

# The file is a copy of the standard library's csv.py: real code that everybody has and knows, some 450 lines
# long, and with more than 200 distinct places to edit in every Python from 3.9 on.
SOURCE = Path(csv.__file__)


@dataclass(frozen=True)
class Edit:
    """Add a comment line above one line of the file, found by its text as an editing tool would find it."""

    anchor: str
    comment: str
    last_line: str

    def fits(self, text: str) -> bool:
        """True if `text` is a whole file that has the place to edit; False if it was caught half-written."""
        return f"\n{self.anchor}\n" in text and text.endswith(self.last_line)

    def apply(self, text: str) -> str:
        """Return `text` with the comment added; at the very top if other agents have destroyed its place."""
        if f"\n{self.anchor}\n" not in text:
            return f"{self.comment}\n{text}"
        indent = self.anchor[: len(self.anchor) - len(self.anchor.lstrip())]
        return text.replace(f"\n{self.anchor}\n", f"\n{indent}{self.comment}\n{self.anchor}\n", 1)

    def count_in(self, text: str) -> int:
        """How often the edit is in `text`: 1 if it survived, 0 if it was lost."""
        return sum(line.strip() == self.comment for line in text.splitlines())


def plan_edits(text: str, agents: List[str], edits_per_agent: int) -> List[List[Edit]]:
    """Give every agent its edits, all at distinct places. Raises ValueError if the file has too few places."""
    places = _places(text)
    needed = len(agents) * edits_per_agent
    if len(places) < needed:
        raise ValueError(f"{SOURCE} has {len(places)} places to edit, and {needed} are needed")
    spread = [places[i * len(places) // needed] for i in range(needed)]
    last_line = text.splitlines(keepends=True)[-1]
    # Every n-th place goes to the same agent, so all of them work all over the file, as colleagues do.
    return [
        [
            Edit(anchor, f"# {agent}, edit {number} of {edits_per_agent}", last_line)
            for number, anchor in enumerate(spread[index :: len(agents)], start=1)
        ]
        for index, agent in enumerate(agents)
    ]


def parses(text: str) -> bool:
    """True if `text` is valid Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _places(text: str) -> List[str]:
    """The lines that start a statement and occur once: a comment above such a line is always valid Python."""
    lines = text.split("\n")
    rows = {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)}
    starts = [lines[row - 1] for row in sorted(rows)]
    return [line for line in starts if text.count(f"\n{line}\n") == 1]
