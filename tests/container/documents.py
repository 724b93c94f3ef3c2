"""The blocks of the documents, by their language.

What is for a shell is `bash` on these pages and not `sh`: blocks in `sh` are typed as they are into a shell of this machine.
"""

from __future__ import annotations

import re
from typing import List

from engine import TOP


def blocks(page: str, language: str) -> List[str]:
    """The blocks of docs/PAGE in a language; there is at least one."""
    text = (TOP / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/{page} has no {language}"
    return found


def languages(page: str) -> List[str]:
    """The language of every block of docs/PAGE."""
    return re.findall(r"^```(\w*)\n.*?^```", (TOP / "docs" / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
