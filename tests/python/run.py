#!/usr/bin/env python3
"""The one entry to the Python tests: installs the built wheel into an empty venv and runs pytest against it.

Usage: tests/python/run.py [--junit PATH] [--wheel PATH] [--python PATH] [pytest arguments]

Only the standard library is used here. pytest is Debian's (python3-pytest): its folder goes to the end of sys.path, behind
the venv's own, so that nothing but the wheel can provide klock. Needs python3-venv, python3-pytest and mypy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict

_TESTS = Path(__file__).resolve().parent
_TOP = _TESTS.parents[1]
_WORK = _TOP / "artifacts" / "python-tests"
_SYSTEM_PYTHON = "/usr/bin/python3"  # a pyenv's python3 would not see the packages that apt installs

_RUN_PYTEST = "import sys; sys.path.append(sys.argv.pop(1)); import pytest; sys.exit(pytest.main(sys.argv[1:]))"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run Klock's Python tests against the built wheel.")
    parser.add_argument("--junit", type=Path, help="write a JUnit report here")
    parser.add_argument("--wheel", type=Path, help="the wheel to test; default: the one in dist/python")
    parser.add_argument("--python", default=_SYSTEM_PYTHON, help=f"the interpreter for the venv; default: {_SYSTEM_PYTHON}")
    asked, pytest_arguments = parser.parse_known_args()
    try:
        wheel = asked.wheel or _built_wheel()
        python = _new_venv(asked.python, wheel)
        command = [str(python), "-B", "-c", _RUN_PYTEST, _pytest_folder(), "-p", "no:cacheprovider", "--rootdir", str(_TESTS)]
        if asked.junit:
            command += ["--junitxml", str(asked.junit.resolve())]
        command += pytest_arguments
        if not any(Path(argument.partition("::")[0]).exists() for argument in pytest_arguments):
            command.append(str(_TESTS))
        return subprocess.run(command, env=_clean_environment(wheel), check=False).returncode
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"tests/python/run.py: {error}", file=sys.stderr)
        return 1


def _built_wheel() -> Path:
    found = sorted((_TOP / "dist" / "python").glob("klock-*.whl"))
    if len(found) != 1:
        raise OSError(f"dist/python must hold one klock wheel, it holds {len(found)}; run ./build.sh first")
    return found[0]


def _new_venv(python: str, wheel: Path) -> Path:
    shutil.rmtree(_WORK, ignore_errors=True)
    venv = _WORK / "venv"
    subprocess.run([python, "-m", "venv", str(venv)], check=True)
    own = venv / "bin" / "python"
    install = ["-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([str(own), *install], check=True)
    return own


def _pytest_folder() -> str:
    where = "import os, pytest; print(os.path.dirname(os.path.dirname(pytest.__file__)))"
    found = subprocess.run([_SYSTEM_PYTHON, "-c", where], check=False, capture_output=True, text=True)
    if found.returncode != 0:
        raise OSError(f"{_SYSTEM_PYTHON} has no pytest: apt-get install python3-pytest")
    return found.stdout.strip()


def _clean_environment(wheel: Path) -> Dict[str, str]:
    dropped = ("KLOCK_", "PYTHON", "PIP_", "PYTEST_", "VIRTUAL_ENV")
    kept: Dict[str, str] = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    # The tests read these two: they are told where things are and do not guess.
    return {**kept, "KLOCK_TEST_TOP": str(_TOP), "KLOCK_TEST_WHEEL": str(wheel.resolve()), "PYTHONDONTWRITEBYTECODE": "1"}


if __name__ == "__main__":
    sys.exit(main())
