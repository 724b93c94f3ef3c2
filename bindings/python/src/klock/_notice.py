"""Messages for a person that no program has to read."""

from __future__ import annotations

import sys


def notify(sentence: str) -> None:
    """Writes it to stderr."""
    # A program without a console has no stderr, and print would then write to stdout.
    if sys.stderr is not None:
        print(f"klock: {sentence}", file=sys.stderr, flush=True)
