"""Klock: one agent, whose identity is given once."""

import os

import pytest

import klock_langchain
from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockLeaseLostError, klock_protected


def test_ids_are_random_when_they_are_not_given():
    with Klock.embedded(storage="memory") as one, Klock.embedded(storage="memory") as other:
        assert len({one.agent_id, other.agent_id, one.session_id, other.session_id}) == 4


def test_who_it_is_is_what_was_given(storage):
    with Klock.embedded("agent", "session", 7, storage=storage) as klock:
        with klock.file("/a"):
            (lease,) = klock.client.list_leases()
        assert (lease["agent_id"], lease["session_id"]) == ("agent", "session")
        assert klock.client.list_agents() == [{"agent_id": "agent", "priority": 7}]


def test_closing_lets_go_of_all_the_session_holds(sqlite_storage):
    with KlockClient(sqlite_storage) as other:
        klock = Klock.embedded("agent", storage=sqlite_storage)
        klock.file("/a")
        klock.client.acquire_lease("agent", klock.session_id, "FILE", "/b", "MUTATES", 600_000)
        assert other.active_lease_count() == 2
        klock.close()
        klock.close()
        assert other.active_lease_count() == 0


def test_one_file_is_one_name_from_wherever_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    with Klock.embedded("one", storage="memory") as one:
        monkeypatch.chdir(tmp_path)
        with one.file("a.py"):
            with pytest.raises(KlockConflictError):
                with Klock(one.client, "two").file(tmp_path / "link" / "." / "a.py", max_retries=0):
                    raise AssertionError("two hold it")
            with pytest.raises(KlockConflictError):
                with Klock(one.client, "two").file(f"{tmp_path}/**", "read", max_retries=0):
                    raise AssertionError("two hold it")


def test_a_busy_agent_keeps_its_priority_and_the_client_is_closed(sqlite_storage):
    with Klock.embedded("agent", priority=1, storage=sqlite_storage) as klock, klock.file("/a"):
        with pytest.raises(KlockError) as caught:
            Klock.embedded("agent", priority=2, storage=sqlite_storage)
        assert caught.value.code == "AGENT_BUSY"


def test_a_forked_child_makes_its_own(sqlite_storage):
    with Klock.embedded("parent", priority=1, storage=sqlite_storage) as klock, klock.file("/a", ttl_ms=2_000):
        child = os.fork()
        if child == 0:
            try:
                with Klock.embedded("child", priority=2, storage=sqlite_storage) as own:
                    with own.file("/b", ttl_ms=2_000) as guard:
                        taken = not guard.lost
                    try:
                        with own.file("/a", max_retries=0):
                            os._exit(2)
                    except KlockConflictError:
                        os._exit(0 if taken else 3)
            finally:
                os._exit(4)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert klock.client.active_lease_count() == 1


def test_the_name_of_the_langchain_integration():
    assert klock_langchain.klock_protected is klock_langchain.tool.klock_protected is klock_protected
    assert klock_langchain.KlockConflictError is KlockConflictError
    assert issubclass(KlockLeaseLostError, KlockError) and issubclass(KlockConflictError, KlockError)
