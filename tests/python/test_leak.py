"""Every answer is given back to the library: memory stays flat over 200,000 calls of every kind."""

import gc
import os

from klock import KlockClient, KlockError

CALLS = 200_000
ALLOWED_GROWTH = 16 * 1024 * 1024  # bytes; the shortest answer here, never freed, would make more than 20 MB, the longest 300


def resident_bytes():
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(once, calls, warm_up):
    for _ in range(warm_up):
        once()

    def grown():
        before = resident_bytes()
        for _ in range(calls):
            once()
        return resident_bytes() - before

    # What is never freed grows each time; a collector that took more memory for once does not.
    least = grown()
    for _ in range(2):
        least = least if least < ALLOWED_GROWTH else min(least, grown())
    return least


def refuse(client):
    result = client.acquire_lease("late", "t", "FILE", "/a", "MUTATES", 60_000)
    assert result["success"] is False and len(result["conflicts"][0]["note"]) == 1_000


def provoke_error(client):
    try:
        client.acquire_lease("late", "t", "FILE", "/a", "WRITES", 60_000)
    except KlockError:
        return
    raise AssertionError("an unknown predicate was taken")


def test_answers_are_freed(memory):
    lease = memory.acquire_lease("first", "s", "FILE", "/a", "MUTATES", 3_600_000, note="x" * 1_000)["lease_id"]
    memory.register_agent("late", 2**63)
    kinds = [
        lambda: refuse(memory),
        lambda: provoke_error(memory),
        lambda: memory.heartbeat_lease(lease),
        lambda: memory.release_lease("0" * 32),
        memory.list_leases,
        memory.list_agents,
        memory.evict_expired,
        lambda: memory.register_agent("late", 2**63),
    ]

    def all_kinds():
        for call in kinds:
            call()

    assert growth(all_kinds, CALLS // len(kinds), 2_000) < ALLOWED_GROWTH


def test_leases_that_come_and_go_leave_nothing(memory):
    """Ended leases are remembered for a bounded time only, so a long warm-up fills what is kept."""

    def come_and_go():
        lease = memory.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        assert memory.release_lease(lease["lease_id"])

    assert growth(come_and_go, CALLS // 2, CALLS // 2) < ALLOWED_GROWTH


def test_clients_that_come_and_go_leave_nothing(sqlite_storage):
    """Stores that failed to open too, whose error text is a string to free."""

    def open_and_drop():
        KlockClient().acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)
        try:
            KlockClient("nothing:" + "x" * 1_000)
        except KlockError:
            pass

    assert growth(open_and_drop, 5_000, 2_000) < ALLOWED_GROWTH

    files_before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        KlockClient(sqlite_storage).active_lease_count()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == files_before
