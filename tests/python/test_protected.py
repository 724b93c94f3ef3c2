"""klock_protected: every call of a tool holds a lease on what it touches."""

import asyncio
import inspect
import pickle
import threading

import pytest

from klock import Klock, KlockClient, KlockConflictError, KlockError, canonical_path, klock_protected


def protect(client, function, extractor=lambda call: call["path"], kind="FILE", agent="tool", session="", **options):
    return klock_protected(client, agent, session or f"run of {agent}", kind, extractor, **options)(function)


def resources(client):
    return [lease["resource"] for lease in client.list_leases()]


def test_a_call_holds_the_file_and_returns_what_the_function_does(client, tmp_path, monkeypatch):
    def write(path, text="x"):
        """Writes."""
        return resources(client), text

    monkeypatch.chdir(tmp_path)
    tool = protect(client, write)
    expected = [f"FILE:{canonical_path(tmp_path / 'a.py')[0]}"]
    assert tool("a.py") == tool(path="./a.py") == (expected, "x")
    assert tool(text="y", path=f"{tmp_path}/b/../a.py") == (expected, "y")
    assert resources(client) == []
    assert (tool.__name__, tool.__doc__, inspect.signature(tool)) == ("write", "Writes.", inspect.signature(write))


def test_the_extractor_gets_every_argument_by_name(memory):
    seen = []

    def tool(first, *rest, second=2, **more):
        return first, rest, second, more

    protected = protect(memory, tool, lambda call: seen.append(call) or "/a")
    assert protected(1, 5, 6, third=3) == (1, (5, 6), 2, {"third": 3})
    assert seen == [{"first": 1, "rest": (5, 6), "second": 2, "third": 3}]


def test_an_exception_comes_through_and_the_lease_goes(client):
    def tool(path):
        raise ZeroDivisionError(path)

    with pytest.raises(ZeroDivisionError):
        protect(client, tool)("/a")
    assert resources(client) == []


def test_a_refused_call_does_not_run_and_names_who_asked(client):
    held = client.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 60_000)
    assert held["success"]
    with pytest.raises(KlockConflictError) as caught:
        protect(client, lambda path: pytest.fail("it ran"), max_retries=0)("/a")
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.agent_id, error.resource_path, error.message) == ("tool", "/a", caught.value.message)
    assert (error.code, error.wait_time_ms) == (caught.value.reason, caught.value.wait_time_ms)


@pytest.mark.parametrize(
    "kind, path, name",
    [
        ("SYMBOL", "/src/../a.py#f", "SYMBOL:/a.py#f"),
        ("symbol", "plain name", "SYMBOL:plain name"),
        ("CONFIG_KEY", "a/../b", "CONFIG_KEY:a/../b"),
    ],
)
def test_other_kinds_of_resources(memory, kind, path, name):
    assert protect(memory, lambda path: resources(memory), kind=kind)(path) == [name]


def test_an_async_function_stays_one_and_waits_for_the_other(client):
    running = []

    async def tool(path):
        running.append(path)
        assert len(running) == 1
        await asyncio.sleep(0.001)
        running.remove(path)
        return path

    async def run():
        tools = [protect(client, tool, agent=f"tool-{index}", max_retries=60) for index in range(20)]
        assert all(inspect.iscoroutinefunction(each) for each in tools)
        return await asyncio.gather(*(each("/a") for each in tools))

    assert asyncio.run(run()) == ["/a"] * 20
    assert resources(client) == []


def test_generators_are_refused_at_once(memory):
    def tool(path):
        yield path

    async def async_tool(path):
        yield path

    for function in (tool, async_tool):
        with pytest.raises(TypeError, match="generator"):
            protect(memory, function)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"kind": "FOLDER"}, "resource_type"),
        ({"kind": None}, "resource_type"),
        ({"predicate": "WRITES"}, "predicate"),
        ({"ttl_ms": -1}, "ttl"),
        ({"max_retries": -1}, "max_retries"),
        ({"extractor": lambda call: None}, "path"),
        ({"extractor": lambda call: call["file"]}, "KeyError"),
        ({"extractor": None}, "resource_path_extractor"),
        ({"agent": ""}, "agent_id"),
        ({"session": 5}, "session_id"),
        ({"namespace": ""}, "namespace"),
        ({"extractor": lambda call: b"/a"}, "path"),
    ],
)
def test_bad_input_names_the_field_and_the_function_does_not_run(change, field):
    with KlockClient() as client, pytest.raises(ValueError) as caught:
        protect(client, lambda path: pytest.fail("it ran"), **change)("/a")
    assert isinstance(caught.value, KlockError) and caught.value.code == "INVALID_REQUEST" and field in caught.value.message


def test_without_ids_it_is_the_facades_session_or_a_random_one(memory):
    def who(path):
        return [(lease["agent_id"], lease["session_id"]) for lease in memory.list_leases()]

    klock = Klock(memory, "agent")
    assert klock_protected(klock, None, None, "FILE", lambda call: call["path"])(who)("/a") == [("agent", klock.session_id)]
    assert klock_protected(klock, "x", "y", "FILE", lambda call: call["path"])(who)("/a") == [("x", "y")]
    random = [klock_protected(memory, None, None, "FILE", lambda call: call["path"])(who) for _ in range(2)]
    assert random[0]("/a") == random[0]("/a") != random[1]("/a")


def test_a_client_is_asked_for(memory):
    for client in (None, "memory", object()):
        with pytest.raises(ValueError, match="klock_client"):
            protect(client, len)


class Other:
    """A client of somebody else's, for the original: six arguments, and no queue."""

    def __init__(self, client):
        self.client = client
        self.asked = 0

    def acquire_lease(self, agent_id, session_id, resource_type, resource_path, predicate, ttl):
        self.asked += 1
        result = self.client.acquire_lease(agent_id, session_id, resource_type, resource_path, predicate, ttl)
        return {name: value for name, value in result.items() if name not in ("fencing_token", "conflicts", "message")}

    def release_lease(self, lease_id):
        return self.client.release_lease(lease_id)


def test_whatever_has_acquire_and_release_is_a_client(memory):
    other = Other(memory)
    memory.register_agent("tool", 1)  # elder than the holder, whatever millisecond each comes in
    assert protect(other, lambda path: resources(memory))("/a") == ["FILE:/a"]
    assert resources(memory) == []
    held = memory.acquire_lease("holder", "s", "FILE", "/a", "MUTATES", 60_000)
    with pytest.raises(KlockConflictError) as caught:
        protect(other, lambda path: pytest.fail("it ran"), max_retries=0)("/a")
    assert (caught.value.agent_id, caught.value.reason) == ("tool", "WAIT")
    threading.Timer(0.3, memory.release_lease, [held["lease_id"]]).start()
    assert protect(other, lambda path: resources(memory), max_retries=60)("/a") == ["FILE:/a"]
    assert other.asked > 3 and resources(memory) == []

    async def tool(path):
        return resources(memory)

    assert asyncio.run(protect(other, tool)("/a")) == ["FILE:/a"]
    assert resources(memory) == []
