"""Sequences of requests, written once as generators, for threads and for asyncio.

The generator yields each request, is sent its answer, or has the exception of the request thrown into it, and returns the result.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Generator, TypeVar

    Asked = TypeVar("Asked")
    Result = TypeVar("Result")


def run(steps: Generator[Asked, Any, Result], ask: Callable[[Asked], Any]) -> Result:
    """Sends the requests in this thread. Whatever ``ask`` raises, Ctrl-C too, is thrown into the generator first."""
    try:
        asked = next(steps)
        while True:
            try:
                answer = ask(asked)
            except BaseException as error:
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result


async def run_async(steps: Generator[Asked, Any, Result], ask: Callable[[Asked], Awaitable[Any]]) -> Result:
    """As ``run``, without blocking the event loop. A cancellation of the task is thrown into the generator first."""
    try:
        asked = next(steps)
        while True:
            try:
                answer = await ask(asked)
            except BaseException as error:
                asked = steps.throw(error)
            else:
                asked = steps.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result
