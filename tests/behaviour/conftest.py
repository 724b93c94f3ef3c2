"""Installs the packages as a user would, and keeps one asking program for each surface and client."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from surfaces import RUNNERS, TOP, WORK

sys.path.append(str(TOP / "tests" / "python"))

from installed import SYSTEM_PYTHON, built_wheel, new_venv


@pytest.fixture(scope="session")
def packages():
    """The wheel in a venv, the npm packages in a project, and a C program beside the library."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    new_venv(WORK / "python", SYSTEM_PYTHON, built_wheel(TOP))
    subprocess.run(["node", str(TOP / "tests" / "node" / "run.mjs"), "--install", str(WORK / "node")], check=True)
    shutil.copy(RUNNERS / "ask_node.mjs", WORK / "node")
    library = TOP / "dist" / "lib"
    link = ["-L", str(library), "-lklock", f"-Wl,-rpath,{library}"]
    source = ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", str(TOP / "dist" / "include"), str(RUNNERS / "ask_c.c")]
    subprocess.run([*source, *link, "-o", str(WORK / "ask_c")], check=True)


@pytest.fixture(scope="session")
def askers(packages):
    """The running programs, by surface and client; they all end with the tests."""
    programs = {}
    yield programs
    for program in programs.values():
        program.end()
