"""Our clients on a server of the original Klock: what it can do works as there, and what it cannot fails in words."""

import asyncio
import contextlib
import subprocess
import sys

import pytest

from klock import AsyncKlock, Klock, KlockConflictError, KlockError, KlockHttpClient, klock_protected


@contextlib.contextmanager
def original(top, *arguments):
    command = [sys.executable, str(top / "tests" / "dropin" / "original_server.py"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(params=["", "--bare"])
def client(top, request):
    with original(top, *request.param.split()) as url, KlockHttpClient(url, auto_start=False) as client:
        yield client


def test_the_verbs_of_the_original_work_as_there(client):
    client.register_agent("old", 1)
    client.register_agent("young", 2)
    lease = client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 60_000)
    assert set(lease) == {"success", "lease_id", "agent_id", "resource", "predicate", "expires_at"}
    refused = client.acquire_lease("young", "s", "FILE", "/a", "MUTATES", 60_000)
    assert refused == {"success": False, "reason": "DIE", "wait_time": 1000}
    assert client.acquire_lease("old", "t", "FILE", "/a", "CONSUMES", 60_000)["reason"] == "DIE"
    assert client.active_lease_count() == 1 and client.heartbeat_lease(lease["lease_id"])
    intents = [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/a"}]
    assert client.declare_intent({"agent_id": "young", "session_id": "s", "intents": intents})["held_by"] == "old"
    assert client.release_lease(lease["lease_id"]) is True
    assert client.release_lease(lease["lease_id"]) is False
    assert client.heartbeat_lease("nowhere") is False
    assert client.evict_expired() == 0


MISSING = {
    "wait_ms": lambda client: client.acquire_lease("b", "s", "FILE", "/free", "MUTATES", 60_000, wait_ms=1_000),
    "namespace": lambda client: client.acquire_lease("b", "s", "FILE", "/free", "MUTATES", 60_000, namespace="n"),
    "acquire_all": lambda client: client.acquire_all("b", "s", [INTENT], 60_000),
    "agent_id": lambda client: client.list_leases("b"),
    "/sessions": lambda client: client.end_session("a", "s"),
    "/agents": lambda client: client.list_agents(),
    "/events": lambda client: client.events(),
    "/waiters": lambda client: client.list_waiters(),
    "/snapshot": lambda client: client.snapshot(),
    "/leases": lambda client: client.change_lease("a-0", "CONSUMES"),
}
INTENT = {"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/free"}


@pytest.mark.parametrize("word", MISSING)
def test_what_it_does_not_have_fails_in_words_and_leaves_nothing(client, word):
    client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
    with pytest.raises(KlockError) as caught:
        MISSING[word](client)
    assert caught.value.code == "INTERNAL" and word in caught.value.message
    assert "not of this Klock" in caught.value.message or "older one" in caught.value.message
    assert client.active_lease_count() == 1


def test_a_guard_that_does_not_wait_is_refused_as_anywhere(client):
    client.register_agent("old", 1)
    client.register_agent("young", 2)
    client.acquire_lease("old", "s", "FILE", "/a", "MUTATES", 60_000)
    protected = klock_protected(client, "young", "s", "FILE", lambda call: call["path"], max_retries=0)
    with pytest.raises(KlockConflictError) as caught:
        protected(lambda path: pytest.fail("it ran"))(path="/a")
    assert (caught.value.reason, caught.value.wait_time_ms) == ("DIE", 1_000)


@pytest.mark.parametrize("max_retries", [0, 3])
def test_guards_and_the_decorator_do_too(client, max_retries, tmp_path):
    def tool(path):
        pytest.fail("it ran")

    async def in_a_loop():
        async with AsyncKlock(client).agent("a").file(tmp_path / "f", max_retries=max_retries):
            pytest.fail("it ran")

    for hold in (
        lambda: Klock(client, "a").file(tmp_path / "f", max_retries=max_retries),
        lambda: Klock(client, "a").files(tmp_path / "f", tmp_path / "g", max_retries=max_retries),
        lambda: klock_protected(client, "a", "s", "FILE", lambda call: call["path"], max_retries=max_retries)(tool)("/f"),
        lambda: asyncio.run(in_a_loop()),
    ):
        with pytest.raises(KlockError) as caught:
            hold()
        assert caught.value.code == "INTERNAL" and "not of this Klock" in caught.value.message
    assert client.active_lease_count() == 0
