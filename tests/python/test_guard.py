"""Guards: leases for the length of a block or until they are released, renewed meanwhile and never silently lost."""

import asyncio
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from klock import Klock, KlockClient, KlockConflictError, KlockError, KlockFileGuard, KlockHttpClient, KlockLeaseLostError
from klock import KlockWaitTimeoutError, LeaseGuard
from waits import WITHIN_S, Call, history, until_waiting

SHORT_TTL_MS = 300


@pytest.fixture
def agents(client):
    """Three agents on one store, from senior to junior, each with a session of its own."""
    return {name: Klock(client, name, f"run of {name}", priority) for priority, name in enumerate(("old", "mid", "young"), 1)}


def until(condition):
    end = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def test_the_lease_is_there_in_the_block_and_gone_after_it(agents, client, tmp_path):
    with agents["mid"].file(tmp_path / "a.py", note="new login") as guard:
        (lease,) = client.list_leases()
        assert (lease["id"], lease["fencing_token"]) == (guard.lease_id, guard.fencing_token)
        assert lease["resource"] == f"FILE:{tmp_path.resolve()}/a.py" and lease["note"] == "new login"
        assert not guard.lost
    assert client.active_lease_count() == 0
    assert not guard.lost
    with pytest.raises(RuntimeError):
        print(guard.lease)


@pytest.mark.parametrize(
    "mode, predicate",
    [("read", "CONSUMES"), ("mutate", "MUTATES"), ("delete", "DELETES"), ("rename", "RENAMES"), ("provide", "PROVIDES")],
)
def test_modes(agents, client, mode, predicate):
    with agents["mid"].file("/a", mode):
        assert [lease["predicate"] for lease in client.list_leases()] == [predicate]


def test_an_exception_in_the_block_comes_through_and_the_lease_goes(agents, client):
    with pytest.raises(ZeroDivisionError):
        with agents["mid"].file("/a"):
            print(1 / 0)
    assert client.active_lease_count() == 0


@pytest.mark.parametrize("waiter, kind", [("old", "QUEUED"), ("young", "PARKED")])
def test_it_waits_in_the_queue_until_the_holder_lets_go(agents, client, waiter, kind):
    def edit():
        with agents[waiter].file("/a") as guard:
            return guard.fencing_token

    with agents["mid"].file("/a") as held:
        call = Call(edit)
        until_waiting(client, waiter, kind)
        token = held.fencing_token
    assert call.result() > token
    assert [event["kind"] for event in history(client) if event.get("agent_id") == waiter].count(kind) == 1, "it asked again"


def test_not_free_in_time(agents):
    with agents["mid"].file("/a"):
        # A wait that timed out gets the verdict at its end, as programs for the original expect.
        for agent, reason in (("old", "WAIT"), ("young", "DIE")):
            with pytest.raises(KlockWaitTimeoutError) as caught:
                agents[agent].file("/a", max_retries=1)
            assert (caught.value.agent_id, caught.value.resource_path, caught.value.reason) == (agent, "/a", reason)
            assert 0 <= caught.value.wait_time_ms <= 1_000 and "mid" in caught.value.message
            assert [conflict["agent_id"] for conflict in caught.value.conflicts] == ["mid"]
            with pytest.raises(KlockConflictError) as caught:
                agents[agent].file("/a", max_retries=0)
            assert caught.value.reason == reason and not isinstance(caught.value, TimeoutError)


def test_a_guard_in_a_guard_raises_on_die_at_once(agents, client):
    with agents["old"].file("/a"), agents["young"].file("/b"):
        with pytest.raises(KlockConflictError) as caught:
            with agents["young"].file("/a", max_retries=3_600):
                raise AssertionError("two hold it")
        assert caught.value.reason == "DIE"
        assert client.active_lease_count() == 2


def test_it_is_renewed_while_the_block_runs(agents, client):
    with agents["mid"].file("/a", ttl_ms=SHORT_TTL_MS) as guard:
        first = guard.lease["expires_at"]
        until(lambda: client.list_leases()[0]["expires_at"] > first + 2 * SHORT_TTL_MS)
        assert not guard.lost
    assert client.active_lease_count() == 0


def test_many_guards_are_renewed_together(agents, client):
    guards = [agents["mid"].file(f"/{number}", ttl_ms=SHORT_TTL_MS * 2) for number in range(20)]
    first = max(guard.lease["expires_at"] for guard in guards)
    until(lambda: min(lease["expires_at"] for lease in client.list_leases()) > first + SHORT_TTL_MS)
    # Those of clients that other tests closed may be about to end.
    until(lambda: sum(thread.name == "klock-renew" for thread in threading.enumerate()) == 1)
    assert all(guard.release() for guard in guards)
    assert client.active_lease_count() == 0


def test_a_lease_that_was_taken_away_is_seen_and_raised_at_the_end(agents, client):
    with pytest.raises(KlockLeaseLostError) as caught:
        with agents["mid"].file("/a", ttl_ms=SHORT_TTL_MS) as guard:
            client.revoke_lease(guard.lease_id)
            until(lambda: guard.lost)
    assert caught.value.code == "UNKNOWN_LEASE" and "/a" in caught.value.message
    assert guard.lost


def test_a_lost_lease_does_not_hide_what_the_block_raised(agents, client):
    with pytest.raises(ZeroDivisionError):
        with agents["mid"].file("/a") as guard:
            client.revoke_lease(guard.lease_id)
            print(1 / 0)
    assert guard.lost


def test_a_closed_client_loses_the_lease_when_its_time_is_over(memory):
    with pytest.raises(KlockLeaseLostError) as caught:
        with Klock(memory, "a").file("/a", ttl_ms=SHORT_TTL_MS) as guard:
            memory.close()
            until(lambda: guard.lost)
    assert caught.value.code == "EXPIRED"
    with pytest.raises(KlockError) as caught:
        with Klock(memory, "a").file("/a"):
            raise AssertionError("granted by a closed client")
    assert caught.value.code == "CLOSED"


def test_it_is_held_from_the_call_on_until_it_is_released(agents, client):
    guard = agents["mid"].file("/a")
    assert [lease["id"] for lease in client.list_leases()] == [guard.lease_id]
    guard.check()
    assert guard.release() and not guard.release()
    assert client.active_lease_count() == 0 and not guard.lost
    with pytest.raises(RuntimeError):
        guard.check()


def test_a_guard_is_for_one_block(agents, client):
    with agents["mid"].file("/a") as guard:
        with pytest.raises(RuntimeError):
            guard.__enter__()
        assert client.active_lease_count() == 1
    with pytest.raises(RuntimeError):
        guard.__enter__()
    with agents["mid"].file("/a") as guard:
        assert guard.release()
    assert client.active_lease_count() == 0


def test_releasing_one_that_was_taken_away_says_so(agents, client):
    guard = agents["mid"].file("/a")
    client.revoke_lease(guard.lease_id)
    assert not guard.release() and guard.lost


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"mode": "write"}, "mode"),
        ({"max_retries": True}, "max_retries"),
        ({"max_retries": None}, "max_retries"),
        ({"ttl_ms": None}, "ttl"),
        ({"note": 5}, "note"),
        ({"mode": None}, "mode"),
        ({"max_retries": -1}, "max_retries"),
        ({"max_retries": "3"}, "max_retries"),
        ({"path": "/a/*.py"}, "path"),
        ({"path": None}, "path"),
        ({"path": ""}, "path"),
        ({"ttl_ms": 0}, "ttl"),
        ({"ttl_ms": "1"}, "ttl"),
        ({"note": "x" * 2_000}, "note"),
    ],
)
def test_bad_input_names_the_field_and_holds_nothing(agents, client, wrong, field):
    for ask in (agents["mid"].file, agents["mid"].aio.file):
        with pytest.raises(ValueError) as caught:
            asyncio.run(used(ask(**{"path": "/a", **wrong})))
        assert caught.value.code == "INVALID_REQUEST" and field in caught.value.message
    assert client.active_lease_count() == 0


async def used(guard):
    async with guard:
        raise AssertionError("granted")


def test_ctrl_c_ends_a_wait_at_once_and_nothing_stays_held(tmp_path):
    storage = f"sqlite:{tmp_path / 'klock.db'}"
    program = textwrap.dedent(
        """
        import sys
        from klock import Klock
        try:
            with Klock.embedded("waiter", priority=1, storage=sys.argv[1]).file("/a", max_retries=600):
                print("granted")
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.stdin.read()
        """
    )
    with KlockClient(storage) as client:
        client.register_agent("holder", 2)
        held = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 600_000)
        command = [sys.executable, "-c", program, storage]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            until_waiting(client, "waiter")
            deadline = threading.Timer(WITHIN_S, process.kill)
            deadline.start()
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "interrupted\n"
            # The request is off the queue, and its process goes on.
            client.release_lease(held["lease_id"])
            assert client.active_lease_count() == 0
            assert client.acquire_lease("junior", "s", "FILE", "/a", "MUTATES", 600_000)["success"]
            deadline.cancel()
            process.stdin.close()
        assert process.returncode == 0


def test_threads_that_add_to_one_number_lose_none(storage, tmp_path):
    number = tmp_path / "number"
    number.write_text("0")
    with KlockClient(storage) as client:

        def work(agent):
            klock = Klock(client, agent)
            for _ in range(10):
                with klock.file(number, max_retries=60):
                    number.write_text(str(int(number.read_text()) + 1))

        calls = [Call(work, f"agent-{index}") for index in range(8)]
        for call in calls:
            call.result()
        assert (number.read_text(), client.active_lease_count()) == ("80", 0)


def test_async_with_waits_beside_everything_else_in_the_loop(agents, client):
    async def edit(name):
        async with Klock(client, name).aio.file("/a", max_retries=60):
            edits.append(name)

    async def run():
        slowest = 0.0
        async with agents["mid"].aio.file("/a"):
            tasks = [asyncio.ensure_future(edit(f"task-{index}")) for index in range(200)]
            while sum(event["kind"] in ("QUEUED", "PARKED") for event in client.events(limit=1_000)) < 200:
                began = time.monotonic()
                await asyncio.sleep(0.01)
                slowest = max(slowest, time.monotonic() - began)
            assert not edits
        await asyncio.gather(*tasks)
        return slowest

    edits = []
    assert asyncio.run(run()) < 1.0, "the loop stood still"
    assert len(edits) == 200 and client.active_lease_count() == 0


def test_a_cancelled_task_holds_nothing_in_the_end(agents, client):
    async def edit():
        async with agents["old"].aio.file("/a", max_retries=600):
            raise AssertionError("two hold it")

    async def run():
        async with agents["mid"].aio.file("/a"):
            task = asyncio.ensure_future(edit())
            await asyncio.get_running_loop().run_in_executor(None, until_waiting, client, "old")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    # A server may hear of it later than of the release, and then gives back what it has just granted.
    until(lambda: client.active_lease_count() == 0)
    kinds = [event["kind"] for event in history(client) if event.get("agent_id") == "old"]
    assert kinds.count("GRANTED") == kinds.count("RELEASED") <= isinstance(client, KlockHttpClient)


def test_an_async_block_tells_of_a_lost_lease_too(agents, client):
    async def run():
        async with agents["mid"].aio.file("/a") as guard:
            client.revoke_lease(guard.lease_id)

    with pytest.raises(KlockLeaseLostError):
        asyncio.run(run())


def test_awaited_it_is_held_until_it_is_released(agents, client):
    async def run():
        guard = await agents["mid"].aio.file("/a")
        assert [lease["id"] for lease in client.list_leases()] == [guard.lease_id]
        await guard.check()
        assert await guard.release() and not await guard.release()
        with pytest.raises(RuntimeError):
            await guard
        revoked = await agents["mid"].aio.file("/a")
        client.revoke_lease(revoked.lease_id)
        with pytest.raises(KlockLeaseLostError):
            await revoked.check()
        assert not await revoked.release()

    asyncio.run(run())
    assert client.active_lease_count() == 0


def test_a_coroutine_that_is_thrown_away_in_its_block_lets_go(agents, client):
    async def edit(is_there):
        async with agents["mid"].aio.file("/a"):
            is_there.set()
            await asyncio.sleep(WITHIN_S)

    loop = asyncio.new_event_loop()
    is_there = asyncio.Event()
    coroutine = edit(is_there)
    task = loop.create_task(coroutine)
    loop.run_until_complete(is_there.wait())
    loop.close()
    assert client.active_lease_count() == 1
    coroutine.close()
    assert client.active_lease_count() == 0
    task._log_destroy_pending = False


def test_a_guard_of_a_call_works_with_async_with_too(agents, client):
    async def run():
        async with agents["mid"].file("/a") as guard:
            assert client.active_lease_count() == 1 and not guard.lost

    asyncio.run(run())
    assert client.active_lease_count() == 0


def test_the_original_name_of_a_guard(agents):
    assert KlockFileGuard is LeaseGuard
    with agents["mid"].file("/a") as guard:
        assert isinstance(guard, KlockFileGuard)


def test_what_a_guard_shows(agents, client):
    guard = agents["mid"].files("/a", "/b")
    assert repr(guard) == f"<LeaseGuard FILE:/a, FILE:/b MUTATES for mid: held, token {guard.fencing_token}>"
    assert guard.lease_id not in repr(guard), "the id is the right to release it"
    client.revoke_lease(guard.lease_id)
    guard.release()
    assert repr(guard).endswith(": lost>")
    waiting = agents["mid"].aio.file("/a")
    assert repr(waiting) == "<AsyncLeaseGuard FILE:/a MUTATES for mid: not held>"
    assert repr(agents["mid"]) == f"<Klock 'mid' in session 'run of mid' on {client!r}>"
