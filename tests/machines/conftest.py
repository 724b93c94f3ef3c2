"""The files of a release, as ./build.sh machines makes them, and the emulated machine, booted once for all tests that ask for it."""

from __future__ import annotations

import platform
import shutil
import signal
from pathlib import Path

import pytest

import vm

TOP = Path(__file__).resolve().parents[2]
RELEASE = TOP / "dist" / "machines"
HOST = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}[platform.machine()]


def pytest_configure() -> None:
    """A script's background jobs ignore SIGINT, and so would every program that a test starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def release() -> Path:
    """dist/machines."""
    if not (RELEASE / "SHA256SUMS").exists():
        if HOST == "linux-x64" and shutil.which("aarch64-linux-gnu-gcc") is None:
            pytest.skip("no release was packed: aarch64-linux-gnu-gcc is missing (Debian: gcc-aarch64-linux-gnu)")
        pytest.fail("there is no dist/machines: run ./build.sh machines first")
    return RELEASE


@pytest.fixture(scope="session")
def version() -> str:
    """The product's version."""
    text = (TOP / "bindings" / "python" / "src" / "klock" / "_version.py").read_text(encoding="utf-8")
    return text.split('__version__ = "')[1].split('"')[0]


@pytest.fixture(scope="session")
def ran(release, tmp_path_factory):
    """What the checks of guest/checks.sh said in the emulated machine."""
    why = vm.why_not()
    if why is not None:
        pytest.skip(why)
    checks, shown = vm.run(tmp_path_factory.mktemp("vm"))
    if not checks:
        pytest.fail(f"the emulated machine ran no check; its console:\n{shown[-4000:]}")
    return checks
