#!/usr/bin/env python3
"""The one entry to the Python tests: installs the built wheel into an empty venv and runs pytest against it.

Usage: tests/python/run.py [--junit PATH] [--wheel PATH] [--python PATH] [pytest arguments]
       tests/python/run.py --bench      measures instead, with bench.py

Only the standard library is used here. pytest is Debian's (python3-pytest): its folder goes to the end of sys.path, behind
the venv's own, so that nothing but the wheel can provide klock. Needs python3-venv, python3-pytest and mypy.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict

from installed import SYSTEM_PYTHON, built_wheel, new_venv

_TESTS = Path(__file__).resolve().parent
_TOP = _TESTS.parents[1]
_WORK = _TOP / "artifacts" / "python-tests"

_RUN_PYTEST = "import sys; sys.path.append(sys.argv.pop(1)); import pytest; sys.exit(pytest.main(sys.argv[1:]))"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run Klock's Python tests against the built wheel.")
    parser.add_argument("--junit", type=Path, help="write a JUnit report here")
    parser.add_argument("--wheel", type=Path, help="the wheel to test; default: the one in dist/python")
    parser.add_argument("--python", default=SYSTEM_PYTHON, help=f"the interpreter for the venv; default: {SYSTEM_PYTHON}")
    parser.add_argument("--bench", action="store_true", help="measure what a lease costs instead")
    asked, pytest_arguments = parser.parse_known_args()
    try:
        wheel = asked.wheel or built_wheel(_TOP)
        python = new_venv(_WORK / "venv", asked.python, wheel)
        if asked.bench:
            return subprocess.run([str(python), str(_TESTS / "bench.py")], env=_clean_environment(wheel), check=False).returncode
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


def _pytest_folder() -> str:
    where = "import os, pytest; print(os.path.dirname(os.path.dirname(pytest.__file__)))"
    found = subprocess.run([SYSTEM_PYTHON, "-c", where], check=False, capture_output=True, text=True)
    if found.returncode != 0:
        raise OSError(f"{SYSTEM_PYTHON} has no pytest: apt-get install python3-pytest")
    return found.stdout.strip()


def _clean_environment(wheel: Path) -> Dict[str, str]:
    dropped = ("KLOCK_", "PYTHON", "PIP_", "PYTEST_", "VIRTUAL_ENV")
    kept: Dict[str, str] = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    # The tests read these two: they get the paths and do not guess.
    return {**kept, "KLOCK_TEST_TOP": str(_TOP), "KLOCK_TEST_WHEEL": str(wheel.resolve()), "PYTHONDONTWRITEBYTECODE": "1"}


if __name__ == "__main__":
    sys.exit(main())
