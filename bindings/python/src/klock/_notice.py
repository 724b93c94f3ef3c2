"""What a person should know and no program has to."""

from __future__ import annotations

import sys


def tell(sentence: str) -> None:
    """Says it on stderr."""
    # A program without a console has none, and print would say it on stdout then.
    if sys.stderr is not None:
        print(f"klock: {sentence}", file=sys.stderr, flush=True)
