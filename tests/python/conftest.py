"""What every test shares: the installed package and nothing else, stores of both kinds, and paths."""

from __future__ import annotations

import inspect
import os
import signal
import sys
from pathlib import Path
from typing import Iterator

import pytest

import klock
import servers
from klock._coordinator import Coordinator

STORES = ("memory", "sqlite")
SERVER = "server"


def pytest_configure(config: pytest.Config) -> None:
    """A test of the sources would pass with a broken wheel: refuse to run against anything but an installed package."""
    # A script's background jobs ignore SIGINT, and so would every program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    package = Path(klock.__file__).resolve()
    if "KLOCK_TEST_TOP" not in os.environ or Path(sys.prefix).resolve() not in package.parents:
        raise pytest.UsageError(f"klock comes from {package}; run these tests through tests/python/run.py")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test sees each kind of store in turn; one that asks a client, and not where its store is, asks a server's too."""
    chosen = any("storage" in marker.args[0] for marker in metafunc.definition.iter_markers("parametrize"))
    if "storage" in metafunc.fixturenames and not chosen:
        own = inspect.signature(metafunc.function).parameters
        kinds = (*STORES, SERVER) if "client" in own and "storage" not in own else STORES
        metafunc.parametrize("storage", kinds, indirect=True)


@pytest.fixture(autouse=True)
def nobody_elses_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test starts without saying a store must not work on that of this repository, which may be in use."""
    monkeypatch.setenv("KLOCK_STORAGE", "memory")


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


@pytest.fixture
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of the kind that this run of a test is for."""
    return f"sqlite:{tmp_path / 'klock.db'}" if request.param == "sqlite" else str(request.param)


@pytest.fixture
def client(storage: str) -> Iterator[Coordinator]:
    """A client of each kind in turn: of a store of its own, and of a server."""
    if storage == SERVER:
        with servers.running() as url, klock.KlockHttpClient(url) as asked:
            yield asked
        return
    with klock.KlockClient(storage) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a server with a memory store."""
    with servers.running() as url:
        yield url


@pytest.fixture
def memory() -> Iterator[klock.KlockClient]:
    """A client of a memory store, where the kind of store makes no difference."""
    with klock.KlockClient() as opened:
        yield opened
