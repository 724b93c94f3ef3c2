"""A program written for the original product, without a change: positional arguments, plain dicts, no close."""

from klock import KlockClient


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
