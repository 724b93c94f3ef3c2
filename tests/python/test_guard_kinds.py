"""Guards for several files, for renames, and for whatever else has a name."""

import asyncio

import pytest

from klock import KlockConflictError, KlockLeaseLostError
from test_guard import SHORT_TTL_MS, agents, until  # noqa: F401, the fixture too
from waits import Call, until_waiting


def test_several_files_or_none(agents, client):
    with agents["old"].files("/a", "/b", mode="read", note="both") as guard:
        assert [lease["resource"] for lease in guard.leases] == ["FILE:/a", "FILE:/b"]
        assert guard.fencing_token == max(lease["fencing_token"] for lease in guard.leases)
        assert {lease["predicate"] for lease in client.list_leases()} == {"CONSUMES"}
        with pytest.raises(KlockConflictError) as caught:
            agents["young"].files("/c", "/b", max_retries=0)
        assert caught.value.resource_path == "/c, /b" and client.active_lease_count() == 2
    assert client.active_lease_count() == 0
    with pytest.raises(ValueError):
        agents["old"].files()


def test_several_wait_together_and_are_renewed_together(agents, client):
    with agents["mid"].file("/b") as held:
        call = Call(agents["old"].files, "/a", "/b", ttl_ms=SHORT_TTL_MS)
        until_waiting(client, "old")
        assert client.active_lease_count() == 1
        held.release()
    guard = call.result()
    first = max(lease["expires_at"] for lease in guard.leases)
    until(lambda: min(lease["expires_at"] for lease in client.list_leases()) > first + 2 * SHORT_TTL_MS)
    assert not guard.lost
    client.revoke_lease(guard.leases[1]["lease_id"])
    with pytest.raises(KlockLeaseLostError) as caught:
        guard.check()
    assert "/b" in caught.value.message
    assert not guard.release() and client.active_lease_count() == 0


def test_a_rename_takes_the_old_name_and_provides_the_new_one(agents, client):
    with agents["mid"].rename("/old.py", "/new.py"):
        held = {(lease["resource"], lease["predicate"]) for lease in client.list_leases()}
        assert held == {("FILE:/old.py", "RENAMES"), ("FILE:/new.py", "PROVIDES")}

    async def run():
        async with agents["mid"].aio.rename("/old.py", "/new.py"):
            assert client.active_lease_count() == 2

    asyncio.run(run())


@pytest.mark.parametrize(
    "kind, path, name",
    [
        ("CUSTOM", "deploy:staging", "CUSTOM:deploy:staging"),
        ("custom", "a/../b", "CUSTOM:a/../b"),
        ("FILE", "/a/./b.py", "FILE:/a/b.py"),
        ("SYMBOL", "/src/../a.py#f", "SYMBOL:/a.py#f"),
        ("SYMBOL", "/a.rb#A::B#c", "SYMBOL:/a.rb#A::B#c"),
        ("SYMBOL", "plain name", "SYMBOL:plain name"),
    ],
)
def test_anything_that_has_a_name(agents, client, kind, path, name):
    with agents["mid"].resource(kind, path, "provide"):
        assert [(lease["resource"], lease["predicate"]) for lease in client.list_leases()] == [(name, "PROVIDES")]


def test_where_a_symbols_name_begins_is_told_by_the_file_that_is_there(agents, client, tmp_path):
    folder = tmp_path.resolve() / "dir#1"
    folder.mkdir()
    (folder / "a.erl").write_text("")
    with agents["mid"].resource("SYMBOL", f"{folder}/a.erl#f/1"):
        assert [lease["resource"] for lease in client.list_leases()] == [f"SYMBOL:{folder}/a.erl#f%2F1"]
        with pytest.raises(KlockConflictError):
            agents["young"].file(folder / "a.erl", max_retries=0)
    with pytest.raises(ValueError):
        agents["mid"].resource("SYMBOL", f"{folder}/none.erl#f/1")
