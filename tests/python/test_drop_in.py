"""A program written for the original product, without a change: positional arguments, plain dicts, no close."""

import os
import re
import subprocess
import sys
import unittest.mock

import pytest

import klock_langchain.tool
import servers
from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockFileGuard, klock_protected


def test_a_program_of_the_original_product_runs_unchanged():
    client = KlockClient()
    assert client.register_agent("refactor-bot", 100) is None
    client.register_agent("lint-bot", 200)

    first = client.acquire_lease("refactor-bot", "s1", "FILE", "/src/auth.ts", "MUTATES", 60000)
    assert first["success"]
    assert first["resource"] == "FILE:/src/auth.ts"
    assert isinstance(first["lease_id"], str) and isinstance(first["expires_at"], int)

    second = client.acquire_lease("lint-bot", "s2", "FILE", "/src/auth.ts", "MUTATES", 60000)
    assert not second["success"]
    assert second["reason"] == "DIE"
    assert second["wait_time"] == 1000
    assert client.active_lease_count() == 1

    assert client.release_lease(first["lease_id"]) is True
    assert client.release_lease(first["lease_id"]) is False
    assert client.active_lease_count() == 0
    assert client.acquire_lease("lint-bot", "s2", "FILE", "/src/auth.ts", "MUTATES", 60000)["success"]
    assert client.evict_expired() == 0


def test_the_arguments_have_the_original_names():
    client = KlockClient()
    client.register_agent(agent_id="a", priority=100)
    lease = client.acquire_lease(
        agent_id="a", session_id="s", resource_type="FILE", resource_path="/a", predicate="CONSUMES", ttl=1000
    )
    assert client.heartbeat_lease(lease_id=lease["lease_id"])
    assert client.release_lease(lease_id=lease["lease_id"])


def test_the_facade_is_used_where_a_client_is_wanted(client, tmp_path):
    with Klock(client, "agent", "session") as klock:
        klock.register_agent("other", 5)
        lease = klock.acquire_lease("other", "s", "FILE", "/a", "MUTATES", 60_000)
        assert klock.heartbeat_lease(lease["lease_id"]) and klock.active_lease_count() == 1
        assert klock_protected(klock, "other", "s", "FILE", lambda call: call["path"])(lambda path: path)("/a") == "/a"
        assert klock.release_lease(lease["lease_id"]) is True


def test_a_guard_is_held_from_the_call_on_until_release(client, tmp_path):
    klock = Klock(client, "agent")
    guard = klock.file(tmp_path / "f")
    assert isinstance(guard, KlockFileGuard) and client.active_lease_count() == 1
    assert guard.release() is True and client.active_lease_count() == 0
    assert guard.release() is False
    with klock.file(tmp_path / "f"):
        assert client.active_lease_count() == 1
    assert client.active_lease_count() == 0


@pytest.mark.parametrize("time_is_up", [False, True])
def test_a_younger_one_is_told_DIE_also_when_its_time_is_up(client, tmp_path, time_is_up):
    client.register_agent("old", 1)
    client.register_agent("young", 2)
    old, young = Klock(client, "old"), Klock(client, "young")
    with old.file(tmp_path / "f"), pytest.raises(KlockConflictError) as caught:
        young.file(tmp_path / "f", max_retries=int(time_is_up))
    assert caught.value.reason == "DIE" and isinstance(caught.value, TimeoutError) == time_is_up
    with young.file(tmp_path / "f"), pytest.raises(KlockConflictError) as caught:
        old.file(tmp_path / "f", max_retries=int(time_is_up))
    assert caught.value.reason == "WAIT" and isinstance(caught.value, RuntimeError)


class Fake:
    """A client as the tests of a program have it: two methods, and nothing that comes back from a release."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = []

    def register_agent(self, agent_id, priority):
        self.calls.append(("register", agent_id, priority))

    def acquire_lease(self, *arguments):
        self.calls.append(("acquire", *arguments))
        return self.answers.pop(0)

    def release_lease(self, lease_id):
        self.calls.append(("release", lease_id))


GRANTED = {"success": True, "lease_id": "lease-1"}
WAIT = {"success": False, "reason": "WAIT", "wait_time": 1000}
DIE = {"success": False, "reason": "DIE", "wait_time": 1000}


def test_the_facade_over_a_client_of_ones_own_which_no_constructor_calls():
    fake = Fake(GRANTED)
    klock = Klock(fake, "agent", "session", 5)
    assert fake.calls == []
    with klock.resource("CONFIG_KEY", "limit"):
        assert fake.calls == [("register", "agent", 5), ("acquire", "agent", "session", "CONFIG_KEY", "limit", "MUTATES", 60_000)]
    assert fake.calls[2:] == [("release", "lease-1")]
    with pytest.raises(KlockError, match="Fake, has no end_session"):
        klock.end_session("agent", "session")
    klock.close()


def test_a_mock_gets_six_arguments_and_the_time_between_tries_can_be_replaced():
    client = unittest.mock.MagicMock()
    client.acquire_lease.side_effect = [WAIT, DIE, GRANTED]
    client.release_lease.return_value = True
    with unittest.mock.patch("klock_langchain.tool.time.sleep") as sleep:
        tool = klock_langchain.tool.klock_protected(client, "a", "s", "FILE", lambda call: call["path"])(lambda path: path)
        assert tool("/f") == "/f"
    assert client.acquire_lease.call_args_list == 3 * [unittest.mock.call("a", "s", "FILE", "/f", "MUTATES", 60_000)]
    client.release_lease.assert_called_once_with("lease-1")
    assert sleep.call_args_list == 2 * [unittest.mock.call(1.0)]


@pytest.mark.parametrize("refusal, reason", [(WAIT, "WAIT"), (DIE, "DIE")])
def test_a_client_without_a_queue_is_asked_again_as_often_as_there_are_retries(refusal, reason):
    client = Fake(*5 * [refusal])
    with unittest.mock.patch("klock_langchain.tool.time.sleep"), pytest.raises(KlockConflictError) as caught:
        klock_protected(client, "a", "s", "FILE", lambda call: call["path"], max_retries=3)(lambda path: path)("/f")
    assert (len(client.calls), caught.value.reason, caught.value.wait_time_ms) == (4, reason, 1000)


def test_the_decorator_can_be_replaced_where_programs_import_it_from():
    with unittest.mock.patch("klock_langchain.tool.klock_protected") as replaced:
        assert klock_langchain.tool.klock_protected is replaced


def test_an_extractor_that_fails_is_a_ValueError_and_the_tool_does_not_run():
    client = Fake()
    for extractor in (lambda call: call["file"], lambda call: None, lambda call: ""):
        with pytest.raises(ValueError):
            klock_protected(client, "a", "s", "FILE", extractor)(lambda path: pytest.fail("it ran"))("/f")
    assert client.calls == []


PROGRAMS = (
    "facade", "guard", "decorator_http", "decorator_embedded", "decorator_facade", "langchain_tool", "http_client", "embedded_client",
)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_programs_of_the_originals_documentation(top, tmp_path, name):
    program = top / "tests" / "dropin" / "python" / f"{name}.py"
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    environment = {**os.environ, "KLOCK_SERVER_COMMAND": servers.program(), "KLOCK_URL": f"http://localhost:{servers.free_port()}",
                   "XDG_STATE_HOME": str(tmp_path / "state")}
    del environment["KLOCK_STORAGE"]
    ran = subprocess.run([sys.executable, program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    complaints = [line for line in ran.stderr.splitlines() if not line.startswith("klock: started a server at ")]
    assert (ran.returncode, complaints) == (0, []), ran.stderr
    assert ran.stdout == "".join(re.findall(r"^#   (.*\n)", program.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_program_is_run(top):
    programs = (top / "tests" / "dropin" / "python").glob("*.py")
    assert {program.stem for program in programs} == {*PROGRAMS, "langchain_shape"}
