"""Where the machines are: namespaces of their own, which vanish with this process and can be seen and reached by nobody else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

TOP = Path(__file__).resolve().parents[2]
SERVER = TOP / "dist" / "bin" / "klock-server"
WORK = TOP / "artifacts" / "soak"
_INSIDE = "KLOCK_SOAK_INSIDE"
_SPACES = ["unshare", "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]


def why_not(etcd: Optional[Path] = None) -> Optional[str]:
    """Why no machines can be had here; None if they can."""
    for program, package in (("unshare", "util-linux"), ("ip", "iproute2")):
        if shutil.which(program) is None:
            return f"{program} (Debian: {package}) is missing"
    for program, package in (("etcd", "etcd-server"), ("etcdctl", "etcd-client")):
        if shutil.which(program, path=search_path(etcd)) is None:
            return f"{program} (Debian: {package}) is missing"
    tried = subprocess.run([*_own_spaces(), "sh", "-c", "mount -t tmpfs none /run && ip link add klock0 type bridge"],
                           capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"there can be no namespaces here: {tried.stderr.strip()}"


def search_path(etcd: Optional[Path]) -> str:
    """Where programs are looked for: in the folder that was given first."""
    return os.pathsep.join(([str(etcd)] if etcd else []) + [os.environ.get("PATH", os.defpath)])


def _own_spaces() -> List[str]:
    # Whoever is not root becomes root in a user namespace, where the system lets him.
    return [*_SPACES, *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]


def inside(arguments: List[str]) -> List[str]:
    """The command that runs this folder's run.py with these arguments in namespaces of its own."""
    return [*_own_spaces(), "env", f"{_INSIDE}=1", sys.executable, "-B", str(Path(__file__).with_name("run.py")), *arguments]


def is_inside() -> bool:
    """Whether this process is in such namespaces."""
    return os.environ.get(_INSIDE) == "1"
