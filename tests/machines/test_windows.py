"""The package for Windows, run by Wine: not Windows, but its calls. All tests share one drive C:."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import urllib.request
import zipfile
from pathlib import Path

import pytest
from conftest import HOST

pytestmark = pytest.mark.skipif(HOST != "linux-x64", reason="packages for other systems are made on linux-x64")

DEBIANS = Path("/usr/lib/wine/wine64")
PROJECT = "C:\\project"


class Machine:
    """A drive C: of Wine with the package in C:\\klock, and a git repository in C:\\project."""

    def __init__(self, wine: str, folder: Path) -> None:
        self._wine = wine
        self.server = ["/usr/lib/wine/wineserver64" if wine == str(DEBIANS) else "wineserver"]
        self._prefix = folder / "wine"
        # Wine 8 cannot map precompiled code out of a file that has several libraries in it; the runtime compiles it again.
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "WINEPREFIX": str(self._prefix), "WINEDEBUG": "-all",
                            "DOTNET_ReadyToRun": "0"}
        self._folder = folder
        self.disk = self._prefix / "drive_c"

    def prepare(self, package: Path) -> None:
        """Makes the drive."""
        self._prefix.mkdir()
        # The server stays: otherwise each program would start Windows' services anew. They keep what is open, so no pipe of ours.
        for command in ([*self.server, "--persistent"], [self._wine, "wineboot", "--init"]):
            subprocess.run(command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=True)
        with zipfile.ZipFile(package) as archive:
            archive.extractall(self._folder)
        (self._folder / package.stem).rename(self.disk / "klock")
        (self.disk / "project" / "src").mkdir(parents=True)
        (self.disk / "project" / "src" / "a.txt").write_text("one\n")
        subprocess.run(["git", "init", "--quiet", self.disk / "project"], check=True)

    def start(self, program, *arguments, cwd="project"):
        # Wine gives a program HOME, which Windows does not have.
        environment = {name: value for name, value in self.environment.items() if name != "HOME"}
        return subprocess.Popen([self._wine, f"C:\\klock\\bin\\{program}", *arguments], env=environment, cwd=self.disk / cwd,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def klock(self, *arguments, cwd="project", given=None):
        """Runs klock.exe; what it printed has Unix's ends of lines."""
        with self.start("klock.exe", *arguments, cwd=cwd) as process:
            out, error = process.communicate(given, timeout=120)
        return process.returncode, out.replace("\r\n", "\n"), error.replace("\r\n", "\n")


@pytest.fixture(scope="module")
def windows(release, version, tmp_path_factory):
    wine = shutil.which("wine64") or (str(DEBIANS) if DEBIANS.exists() else None)
    if wine is None:
        pytest.skip("wine64 is missing")
    machine = Machine(wine, tmp_path_factory.mktemp("windows"))
    try:
        machine.prepare(release / f"klock-{version}-win-x64.zip")
        yield machine
    finally:
        # And with it all that runs on it.
        subprocess.run([*machine.server, "--kill"], env=machine.environment, capture_output=True, check=False)


def acquired(ended):
    code, out, error = ended
    assert code == 0, error
    return out.split("\t")[:2]


def test_it_runs(windows, version):
    assert windows.klock("version") == (0, f"klock {version}\n", "")


def test_what_one_holds_another_does_not_get_however_it_is_spelled(windows):
    lease, name = acquired(windows.klock("acquire", "--agent", "one", "--file", "src\\a.txt"))
    assert name == "FILE:src/a.txt"
    for spelling in ("src/a.txt", "SRC\\A.TXT", "src\\..\\src\\a.txt", f"{PROJECT}\\src\\a.txt", "c:/project/src/a.txt", "src\\**", "**"):
        code, _, error = windows.klock("acquire", "--agent", "two", "--file", spelling)
        assert (code, "FILE:src/a.txt is held by one" in error) == (11, True), (spelling, error)
    code, _, _ = windows.klock("acquire", "--agent", "two", "--file", "a.txt", cwd="project/src")
    assert code == 11
    assert windows.klock("release", lease, "--agent", "one")[0] == 0
    lease, name = acquired(windows.klock("acquire", "--agent", "two", "--file", "src\\**"))
    assert name == "FILE:src/**"
    assert windows.klock("release", lease, "--agent", "two")[0] == 0


def test_many_processes_share_a_store(windows):
    racers = [windows.start("klock.exe", "acquire", "--agent", f"racer-{i}", "--file", "race.txt") for i in range(8)]
    ended = [(racer.communicate(timeout=120), racer.returncode) for racer in racers]
    (first,) = [i for i, (_, code) in enumerate(ended) if code == 0]
    # Who is older than the holder is told to wait, which happens when two arrive in one millisecond; the list has the oldest first.
    oldest = [agent["agent_id"] for agent in json.loads(windows.klock("agents", "--json")[1])["data"]]
    age = [oldest.index(f"racer-{i}") for i in range(8)]
    assert [code for _, code in ended] == [0 if i == first else 10 if age[i] < age[first] else 11 for i in range(8)], ended
    winner = ended[first][0][0].split("\t")[0]
    assert windows.klock("release", winner)[0] == 0


def test_outside_of_a_repository_the_store_is_the_users(windows):
    (windows.disk / "elsewhere").mkdir()
    code, out, error = windows.klock("where", cwd="elsewhere")
    assert code == 0, error
    assert re.search(r"sqlite:C:\\users\\[^\\]+\\\.local\\state\\klock\\klock\.db", out), out


def test_a_hook_refuses_what_another_agent_edits(windows):
    def edits(session):
        return json.dumps({"session_id": session, "cwd": PROJECT, "hook_event_name": "PreToolUse", "tool_name": "Edit",
                           "transcript_path": "C:\\t.jsonl", "tool_input": {
                               "file_path": f"{PROJECT}\\src\\a.txt", "old_string": "one", "new_string": "two"}})

    (windows.disk / "project" / ".klock.toml").write_text('wait = "0s"\n')
    assert windows.klock("hook", "claude", "PreToolUse", given=edits("first")) == (0, "", "")
    code, out, error = windows.klock("hook", "claude", "PreToolUse", given=edits("second"))
    assert (code, error) == (0, "")
    told = json.loads(out)["hookSpecificOutput"]
    assert told["permissionDecision"] == "deny" and "src/a.txt is in use by claude:first" in told["permissionDecisionReason"]
    ends = json.dumps({"session_id": "first", "cwd": PROJECT, "hook_event_name": "SessionEnd", "reason": "exit"})
    assert windows.klock("hook", "claude", "SessionEnd", given=ends)[0] == 0
    assert windows.klock("hook", "claude", "PreToolUse", given=edits("second")) == (0, "", "")


def test_a_server_serves_and_shows_its_page(windows):
    (windows.disk / "served").mkdir()
    server = windows.start("klock.exe", "serve", "--port", "0", "--storage", "sqlite:C:\\served\\klock.db")
    try:
        assert select.select([server.stdout], [], [], 60)[0], "it does not say that it listens"
        address = server.stdout.readline().split()[-1]
        with urllib.request.urlopen(address + "/", timeout=30) as page:
            assert b"<script" in page.read()
        assert windows.klock("health", "--server", address)[0] == 0
        lease, _ = acquired(windows.klock("acquire", "--server", address, "--agent", "one", "--file", "served.txt"))
        assert windows.klock("acquire", "--server", address, "--agent", "two", "--file", "served.txt")[0] == 11
        assert windows.klock("release", lease, "--server", address)[0] == 0
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(30)
