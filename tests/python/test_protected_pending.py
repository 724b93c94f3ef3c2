"""klock_protected over what is not done when the call returns: held until the result is there, or refused."""

import asyncio
import concurrent.futures
import functools
import gc
import threading
import types

import pytest

from klock import KlockLeaseLostError, klock_protected
from test_protected import protect, resources
from waits import Call

SEEN = []


async def tool(path):
    """Lists leases twice, with a pause, and returns what was held."""
    seen = [len(TOOLS_CLIENT.list_leases())]
    await asyncio.sleep(0.01)
    seen.append(len(TOOLS_CLIENT.list_leases()))
    return seen


TOOLS_CLIENT = None


@pytest.fixture
def client(memory):
    global TOOLS_CLIENT
    TOOLS_CLIENT = memory
    return memory


class AsyncCall:
    async def __call__(self, path):
        return await tool(path)


class Method:
    async def run(self, path):
        return await tool(path)


@functools.wraps(tool)
def wrapper(path):
    return tool(path)


def plain(path):
    return tool(path)


@types.coroutine
def generator_based(path):
    return (yield from tool(path).__await__())


def task(path):
    return asyncio.ensure_future(tool(path))


class Awaitable:
    def __init__(self, path):
        self.path = path

    def __await__(self):
        return tool(self.path).__await__()


SHAPES = {
    "async def": tool,
    "functools.wraps around one": wrapper,
    "a function that returns its coroutine": plain,
    "an async __call__": AsyncCall(),
    "an async method": Method().run,
    "a partial": functools.partial(tool),
    "a partial of an async __call__": functools.partial(AsyncCall()),
    "a partial of a wrapper": functools.partial(wrapper),
    "a coroutine of a generator": generator_based,
    "a task": task,
    "an object that can be awaited": Awaitable,
    "a lambda": lambda path: tool(path),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_held_until_it_has_been_awaited_to_its_end(client, shape):
    async def run():
        return await protect(client, SHAPES[shape])("/a")

    assert asyncio.run(run()) == [1, 1]
    assert resources(client) == []


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"a task"}))
def test_called_outside_of_the_loop_too(client, shape):
    async def run(awaitable):
        return await awaitable

    assert asyncio.run(run(protect(client, SHAPES[shape])("/a"))) == [1, 1]
    assert resources(client) == []


def test_in_a_loop_a_wrapper_waits_beside_everything_else(client):
    async def run():
        tools = [protect(client, wrapper, agent=f"agent-{number}", max_retries=60) for number in range(20)]
        return await asyncio.gather(*(each("/a") for each in tools))

    assert asyncio.run(run()) == [[1, 1]] * 20
    assert resources(client) == []


def test_an_exception_comes_through_and_the_lease_goes(client):
    async def failing(path):
        await asyncio.sleep(0)
        raise ZeroDivisionError(path)

    for shape in (failing, lambda path: failing(path)):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(protect(client, shape)("/a"))
        assert resources(client) == []


def test_a_lease_that_is_lost_before_the_end_is_told(client):
    async def losing(path):
        client.revoke_lease(client.list_leases()[0]["id"])

    for shape in (losing, lambda path: losing(path)):
        with pytest.raises(KlockLeaseLostError):
            asyncio.run(protect(client, shape)("/a"))


@pytest.mark.filterwarnings("ignore:coroutine")
def test_one_that_is_thrown_away_holds_nothing(client):
    awaitable = protect(client, plain)("/a")
    assert len(resources(client)) == 1
    del awaitable
    gc.collect()
    assert resources(client) == []


def test_one_that_is_cancelled_holds_nothing(client):
    async def run():
        running = asyncio.ensure_future(protect(client, plain)("/a"))
        await asyncio.sleep(0)
        assert len(resources(client)) == 1
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(run())
    assert resources(client) == []


def test_a_future_of_a_pool_holds_it_until_it_is_done(client):
    goes_on = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = protect(client, lambda path: pool.submit(goes_on.wait, 60))("/a")
        assert isinstance(future, concurrent.futures.Future) and len(resources(client)) == 1
        goes_on.set()
        assert future.result(60)
    assert resources(client) == []


def test_a_wrapper_that_runs_the_coroutine_itself_stays_plain(client):
    @functools.wraps(tool)
    def run_it(path):
        return asyncio.run(tool(path))

    assert protect(client, run_it)("/a") == [1, 1]
    assert resources(client) == []


def yields(path):
    yield path


async def yields_async(path):
    yield path


class Yields:
    def __call__(self, path):
        yield path


@pytest.mark.parametrize("function", [yields, yields_async, Yields(), functools.partial(yields), functools.partial(Yields())])
def test_a_generator_is_refused_at_once(client, function):
    with pytest.raises(TypeError, match="generator"):
        protect(client, function)


def test_one_that_only_turns_out_to_return_a_generator_is_refused_when_called(client):
    @functools.wraps(yields)
    def wraps(path):
        return yields(path)

    async def returns(path):
        return yields_async(path)

    for function in (wraps, lambda path: (letter for letter in path), lambda path: yields_async(path)):
        with pytest.raises(TypeError, match="generator"):
            protect(client, function)("/a")
    with pytest.raises(TypeError, match="generator"):
        asyncio.run(protect(client, returns)("/a"))
    assert resources(client) == []


def test_a_wrapper_that_uses_up_the_generator_is_fine(client):
    @functools.wraps(yields)
    def wraps(path):
        return list(yields(path))

    assert protect(client, wraps)("/a") == ["/a"]


def test_threads_call_it_at_once(client):
    calls = [Call(protect(client, lambda path: len(resources(client)), agent=f"a{n}", max_retries=60), "/a") for n in range(8)]
    assert [call.result() for call in calls] == [1] * 8
    assert klock_protected is not None and resources(client) == []
