"""Work that is made of requests, written once as a generator, for threads and for asyncio.

The generator yields what is to be asked, is sent the answer, has what a request raised thrown into it, and returns the result.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Generator, TypeVar

    Asked = TypeVar("Asked")
    Result = TypeVar("Result")


def run(steps: Generator[Asked, Any, Result], ask: Callable[[Asked], Any]) -> Result:
    """Asks in this thread. Whatever ``ask`` raises, Ctrl-C too, goes to the generator first."""
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
    """As ``run``, without holding up the event loop. A task that is cancelled tells the generator first."""
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
