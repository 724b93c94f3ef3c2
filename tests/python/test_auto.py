"""Storage auto: one store for everybody who works in a repository, whatever they come through."""

import os
import subprocess
import sys

import pytest

import servers
from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockHttpClient


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a second work tree; the working directory is in the first, and the environment says nothing."""
    for name in ("KLOCK_SERVER", "KLOCK_SOCKET", "KLOCK_STORAGE", "KLOCK_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    top = tmp_path / "repo"
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@e"]
    subprocess.run([*git, "init", "-q", str(top)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "first"], check=True, cwd=top)
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "other")], check=True, cwd=top)
    (top / "src").mkdir()
    monkeypatch.chdir(top)
    return top


def cli(*words, cwd=None):
    klock = os.path.join(os.path.dirname(sys.executable), "klock")
    return subprocess.run([klock, *words], capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def test_the_facade_the_command_line_and_all_work_trees_share_one_store(repository, monkeypatch):
    with Klock.embedded("one", priority=1) as one, one.file("src/a.py", note="mine"):
        told = cli("leases", "--json")
        assert "src/a.py" in told.stdout and "one" in told.stdout, told
        assert cli("acquire", "--file", "src/a.py", "--json").returncode != 0
        for folder in (repository / "src", repository.parent / "other"):
            monkeypatch.chdir(folder)
            path = "a.py" if folder.name == "src" else "src/a.py"
            with Klock.embedded("two", priority=2) as two, pytest.raises(KlockConflictError):
                two.file(path, max_retries=0)
            with KlockClient("auto") as client:
                assert client.active_lease_count() == 1


def test_a_server_that_is_started_has_it_too(repository, monkeypatch):
    monkeypatch.setenv("KLOCK_SERVER", "http://127.0.0.1:1")  # where clients go, and no matter of the server's
    monkeypatch.setenv("KLOCK_SERVER_COMMAND", servers.program())
    monkeypatch.delenv("KLOCK_DISABLE_AUTOSTART", raising=False)
    with Klock.local("remote", base_url=f"http://127.0.0.1:{servers.free_port()}") as remote:
        try:
            with remote.file("src/a.py"):
                monkeypatch.delenv("KLOCK_SERVER")
                with Klock.embedded("local") as local, pytest.raises(KlockConflictError):
                    local.file("src/a.py", max_retries=0)
        finally:
            remote.client.shutdown()


def test_a_server_that_is_told_auto_says_which_store_that_is(repository):
    with servers.running("--storage", "auto") as url, Klock.embedded("local") as local, local.file("src/a.py"):
        assert [lease["agent_id"] for lease in KlockHttpClient(url).list_leases()] == ["local"]


def test_where_the_environment_says_another_store_that_is_it(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("KLOCK_STORAGE", f"sqlite:{tmp_path / 'named.db'}")
    with Klock.embedded("one") as one, one.file("src/a.py"):
        with KlockClient(f"sqlite:{tmp_path / 'named.db'}") as named:
            assert named.active_lease_count() == 1


def test_outside_of_a_repository_it_is_ones_own(repository, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with Klock.embedded("one") as one, one.file("a.py"):
        assert "a.py" in cli("leases", "--json").stdout
    assert (tmp_path / "state").is_dir()


def test_a_client_that_is_no_facade_says_where_the_server_is_asked(repository, monkeypatch):
    monkeypatch.setenv("KLOCK_SERVER", "http://127.0.0.1:1")
    with pytest.raises(KlockError) as caught:
        KlockClient("auto")
    assert "KLOCK_SERVER" in caught.value.message


def test_two_runs_of_a_program_exclude_each_other(repository):
    program = """
import sys
from klock import Klock, KlockConflictError, klock_protected

klock = Klock.embedded("bot")

@klock_protected(klock, None, None, "FILE", lambda call: call["path"], max_retries=0)
def tool(path):
    print("in", flush=True)
    sys.stdin.read()

try:
    tool("src/a.py")
except KlockConflictError as conflict:
    print(conflict.agent_id)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "in\n"
        second = subprocess.run(command, input="", capture_output=True, text=True, timeout=60, check=False)
        assert (second.stdout, second.stderr) == ("bot\n", "")
        first.stdin.close()
