"""Colour, bars and the progress line: on a terminal only, plain lines everywhere else."""
from __future__ import annotations

import os
import sys

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_BAR_WIDTH = 20


class Terminal:
    """Writes to standard output. Colours are left out if it is no terminal or NO_COLOR is set (no-color.org)."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colour = self._live and not os.environ.get("NO_COLOR")
        self._blocks = "\u2588\u2591" if (sys.stdout.encoding or "").lower().startswith("utf") else "#."

    def line(self, text: str = "") -> None:
        print(text, flush=True)

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._colour else text

    def bar(self, part: int, whole: int, style: str) -> str:
        """A bar that is full if `part` is `whole`, and only then."""
        full = _BAR_WIDTH * part // whole
        return self.paint(self._blocks[0] * full, style) + self.paint(self._blocks[1] * (_BAR_WIDTH - full), "dim")

    def progress(self, text: str) -> None:
        """Show `text` in place of the last progress. Nothing is shown where a line cannot be rewritten."""
        if self._live:
            print(f"\r\x1b[K{text}", end="", flush=True)

    def end_progress(self) -> None:
        self.progress("")
