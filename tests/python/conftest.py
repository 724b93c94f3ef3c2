"""What every test shares: the installed package and nothing else, stores of both kinds, and paths."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Iterator

import pytest

import klock

STORES = ("memory", "sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """A test of the sources would pass with a broken wheel: refuse to run against anything but an installed package."""
    # A script's background jobs ignore SIGINT, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    package = Path(klock.__file__).resolve()
    if "KLOCK_TEST_TOP" not in os.environ or Path(sys.prefix).resolve() not in package.parents:
        raise pytest.UsageError(f"klock comes from {package}; run these tests through tests/python/run.py")


@pytest.fixture
def top() -> Path:
    """The top of the repository."""
    return Path(os.environ["KLOCK_TEST_TOP"])


@pytest.fixture
def wheel() -> Path:
    """The wheel that is installed in the venv of this run."""
    return Path(os.environ["KLOCK_TEST_WHEEL"])


@pytest.fixture
def sqlite_storage(tmp_path: Path) -> str:
    """A new SQLite store's name."""
    return f"sqlite:{tmp_path / 'klock.db'}"


@pytest.fixture(params=STORES)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each kind of store in turn."""
    return "memory" if request.param == "memory" else f"sqlite:{tmp_path / 'klock.db'}"


@pytest.fixture
def client(storage: str) -> Iterator[klock.KlockClient]:
    """A client of each kind of store in turn."""
    with klock.KlockClient(storage) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[klock.KlockClient]:
    """A client of a memory store, where the kind of store makes no difference."""
    with klock.KlockClient() as opened:
        yield opened
