"""The name of a repository without an origin."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Dict, List, Optional

_PATIENCE_S = 10

_known: Dict[str, str] = {}  # by root: a repository's first commit never changes


def first_commit(root: str) -> Optional[str]:
    """As ``_ask``, once for each repository: the guards of an event loop should not wait for git each time."""
    found = _known.get(root) or _ask(root)
    if found:
        _known[root] = found
    return found


def _ask(root: str) -> Optional[str]:
    """The first commit that the repository's HEAD descends from, as for the command line; of several the lowest as text.

    Returns:
        None when there is none or git does not know. A shallow clone has only a later one, which others do not share.
    """
    common = _git(root, ["rev-parse", "--git-common-dir"])
    if not common:
        return None
    folder = os.path.join(root, common[0])  # the one that all work trees share, so that they agree
    if os.path.exists(os.path.join(folder, "shallow")):
        return None
    lines = _git(root, [f"--git-dir={folder}", "rev-list", "--max-parents=0", "HEAD"])
    return min((line for line in lines if re.fullmatch("[0-9a-f]{40,}", line)), default=None)


def _git(root: str, arguments: List[str]) -> List[str]:
    # The variables that hooks and some shells set would name another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []
