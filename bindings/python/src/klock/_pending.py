"""Results that are not there yet when a function returns."""

from __future__ import annotations

import inspect
import sys
from typing import Any
from weakref import finalize

from ._guard import LeaseGuard
from ._notice import notify

GENERATOR_REFUSAL = "klock_protected takes no generator: its work is done after the call has returned."


def is_pending(result: Any) -> bool:
    """Whether the work continues, or has yet to begin."""
    return inspect.isawaitable(result) or _is_future(result)


def refuse_generator(result: Any) -> Any:
    """The result, unless it is a generator, whose body has not run yet.

    Raises:
        TypeError: It is.
    """
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise TypeError(GENERATOR_REFUSAL)
    return result


def hold_until_done(result: Any, guard: LeaseGuard) -> Any:
    """The result, or a coroutine that awaits it; the guard is held until it is there.

    A future continues by itself, so it is returned as it is, and a lease that ended too early is reported on stderr.
    """
    if _is_future(result):
        result.add_done_callback(lambda _: _release(guard))
        return result
    coroutine = _finish(result, guard)
    # A coroutine that is dropped before it was awaited runs nothing, not even its end.
    finalize(coroutine, guard.release)
    return coroutine


async def _finish(awaitable: Any, guard: LeaseGuard) -> Any:
    async with guard:
        return refuse_generator(await awaitable)


def _release(guard: LeaseGuard) -> None:
    if not guard.release():
        notify(f"{guard!r}: a lease ended before what it protected was done. Read it again.")


def _is_future(result: Any) -> bool:
    # A program that uses none of these has not loaded their modules either.
    modules = [sys.modules.get(name) for name in ("concurrent.futures", "asyncio")]
    return any(module is not None and isinstance(result, module.Future) for module in modules)
