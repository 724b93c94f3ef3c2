"""The built wheel in an empty venv, as a user would have it. Only the standard library is used."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SYSTEM_PYTHON = "/usr/bin/python3"  # a pyenv's python3 would not see the packages that apt installs


def built_wheel(top: Path) -> Path:
    """The wheel that ./build.sh made. Raises OSError when there is none, or more than one."""
    found = sorted((top / "dist" / "python").glob("klock-*.whl"))
    if len(found) != 1:
        raise OSError(f"dist/python must hold one klock wheel, it holds {len(found)}; run ./build.sh first")
    return found[0]


def new_venv(venv: Path, python: str, wheel: Path) -> Path:
    """An empty venv with nothing but the wheel, installed without network; answers its interpreter."""
    shutil.rmtree(venv, ignore_errors=True)
    subprocess.run([python, "-m", "venv", str(venv)], check=True)
    own = venv / "bin" / "python"
    install = ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([str(own), *install], check=True)
    return own
