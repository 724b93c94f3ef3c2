"""Every Python from 3.9 on that this machine has: installs the wheel, is content with it, and works with it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

OLDEST = (3, 9)


def interpreters():
    """By version, those on PATH, of the system, and of pyenv; the one that runs the tests among them."""
    folders = [Path(folder) for folder in [*os.environ["PATH"].split(os.pathsep), "/usr/bin"]]
    folders += sorted(Path(os.environ.get("HOME", "/")).glob(".pyenv/versions/3.*/bin"))
    found = {sys.version_info[:2]: sys.executable}
    for program in (path for folder in folders for path in folder.glob("python3*")):
        version = re.fullmatch(r"python3\.(\d+)", program.name)
        if version and (3, int(version.group(1))) >= OLDEST and _works(program):
            found.setdefault((3, int(version.group(1))), str(program))
    return [pytest.param(program, id=".".join(map(str, version))) for version, program in sorted(found.items())]


def _works(program):
    # pyenv puts programs on PATH that only say that the version is not chosen.
    return subprocess.run([program, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("python", interpreters())
def test_everyday_work(python, wheel, tmp_path):
    if shutil.which(python) is None:
        pytest.fail(f"{python} is gone")
    subprocess.run([python, "-m", "venv", tmp_path / "venv"], check=True, timeout=120)
    own = tmp_path / "venv" / "bin" / "python"
    pip = [own, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", wheel], check=True, timeout=120)
    subprocess.run([*pip, "check"], check=True, timeout=120, stdout=subprocess.DEVNULL)
    everyday = Path(__file__).with_name("everyday.py")
    ran = subprocess.run([own, "-W", "error", everyday, tmp_path], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.stdout, ran.stderr) == ("fine\n", "")
    assert subprocess.run([tmp_path / "venv" / "bin" / "klock", "version"], check=False, capture_output=True).returncode == 0
