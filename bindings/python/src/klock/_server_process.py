"""A server that a client starts when there is none."""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Callable, Dict, List, Mapping, Optional, Sequence

from ._address import Address
from ._errors import KlockError, KlockTimeoutError
from ._notice import notify

_DEFAULT_PORT = 3100
_PORT = re.compile(r"--port(=.*)?")
_SHORT_PORT = re.compile(r"-p(=?\d*)")
_STORAGE = "KLOCK_STORAGE"
_API_KEY = "KLOCK_API_KEY"
_ENDS_WITH = "KLOCK_ENDS_WITH"
_START_IN_STAT = 19  # of the columns after the name, which may contain anything: proc_pid_stat(5)
_FOR_CLIENTS = ("KLOCK_SERVER", "KLOCK_SOCKET")  # they would make the server a client of another one
_POLL_S = 0.02
_STOP_S = 10.0
_LONGEST_COMPLAINT = 500


_started: "List[ServerProcess]" = []


def _end_all() -> None:
    # A klock serve notices by itself that this process is gone; another command may not.
    for server in _started:
        server.end()


# At the import and not with the first server: handlers run from the last to the first, and those of the program may still release leases.
atexit.register(_end_all)


class ServerProcess:
    """A ``klock serve`` that this process started. It ends with this process, however that ends."""

    def __init__(self, address: Address, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Starts it, in that environment, and reports that on stderr.

        Raises:
            KlockError: ``STORAGE_UNAVAILABLE`` when it cannot be started.
        """
        self._address = address
        self._complaints: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env=dict(environment),
                start_new_session=True,  # Ctrl-C is for this process, not for a server that others use too
            )
        except (OSError, ValueError) as error:
            why = f"No server answers at {address}, and {command[0]} cannot be started: {error}."
            raise KlockError("STORAGE_UNAVAILABLE", why) from None
        self.owner = os.getpid()
        _started.append(self)
        notify(f"started a server at {address} (PID {self._process.pid})")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until(self, is_ready: Callable[[], bool], timeout_s: float) -> None:
        """Waits until it answers.

        Raises:
            KlockError: ``STORAGE_UNAVAILABLE`` when it does not in this time.
        """
        deadline = time.monotonic() + timeout_s
        while not is_ready():
            # One that ended may have found another server at its port, which is as good.
            ended = self._process.poll()
            if time.monotonic() > deadline:
                how = f"it ended with {ended}" if ended is not None else f"it did not answer within {timeout_s:g} s"
                self.stop()
                kind = KlockError if ended is not None else KlockTimeoutError
                raise kind("STORAGE_UNAVAILABLE", f"A server was started at {self._address}, and {how}{self._said()}.")
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """Ends it, and returns when it is gone. In a forked child it does nothing."""
        if self.owner != os.getpid():
            return
        if self in _started:
            _started.remove(self)
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Asks it to end, and does not wait. In a forked child it does nothing."""
        if self.owner == os.getpid():
            self._process.terminate()

    def _said(self) -> str:
        self._complaints.seek(0)
        said = self._complaints.read(_LONGEST_COMPLAINT).decode(errors="replace").strip().rstrip(".")
        return f": {said}" if said else ""


def server_command(address: Address, command: Optional[Sequence[str]]) -> List[str]:
    """The command line that starts a server: the given one, else KLOCK_SERVER_COMMAND, else klock.

    Raises:
        KlockError: ``STORAGE_UNAVAILABLE`` when there is no klock.
    """
    named = os.environ.get("KLOCK_SERVER_COMMAND")
    if command is not None or named:
        given = list(command) if command is not None else shlex.split(named or "")
        # Without a port a server uses the default one.
        return given if address.port == _DEFAULT_PORT or _says_port(given) else [*given, "--port", str(address.port)]
    # With a key the server would listen to the whole network, which nobody asked for.
    return [_find_klock(address), "serve", "--host", "127.0.0.1", "--port", str(address.port)]


def _says_port(command: Sequence[str]) -> bool:
    # "-p" means a port only if the program is klock: docker and ssh use it otherwise.
    is_klock = os.path.basename(command[0]).startswith("klock")
    return any(_PORT.fullmatch(word) or (is_klock and _SHORT_PORT.fullmatch(word)) for word in command[1:])


def environment(api_key: Optional[str]) -> Dict[str, str]:
    """The server's environment, for what must not be among its arguments, which every user can see."""
    own = {name: value for name, value in os.environ.items() if name not in _FOR_CLIENTS}
    own.pop(_API_KEY, None)
    if api_key is not None:
        own[_API_KEY] = api_key
    own.pop(_ENDS_WITH, None)
    starter = _this_process()
    if starter:
        own[_ENDS_WITH] = starter
    if not own.get(_STORAGE):
        own[_STORAGE] = "auto"  # in a repository that repository's store, which the command line uses there too
    return own


def _this_process() -> Optional[str]:
    """This process as the server needs to know it, so that a later one with its number is not taken for it; None if that is unknown."""
    try:
        with open("/proc/self/stat", encoding="utf-8", errors="replace") as stat:
            started_at = stat.read().rpartition(")")[2].split()[_START_IN_STAT]
        return f"{os.getpid()} {started_at} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return None


def _find_klock(address: Address) -> str:
    found = shutil.which("klock") or shutil.which("klock", path=os.path.dirname(sys.executable))
    if found:
        return found
    package = Path(__file__).resolve().parent
    built = package.parents[3] / "dist" / "bin" / "klock" if package.parts[-4:] == ("bindings", "python", "src", "klock") else None
    if built and built.is_file():
        return str(built)
    raise KlockError(
        "STORAGE_UNAVAILABLE",
        f"No server answers at {address}, and there is no klock to start one: neither KLOCK_SERVER_COMMAND nor a klock on PATH.",
    )
