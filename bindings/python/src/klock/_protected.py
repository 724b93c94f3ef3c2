"""A decorator for the tools of agents: each call holds a lease on what it touches."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Dict, Mapping, Tuple, TypeVar, cast

from ._coordinator import Coordinator
from ._guard import LeaseGuard, Wanted, wait_ms_of
from ._paths import canonical_path

F = TypeVar("F", bound=Callable[..., Any])


def klock_protected(
    klock_client: Coordinator,
    agent_id: str,
    session_id: str,
    resource_type: str,
    resource_path_extractor: Callable[[Dict[str, Any]], str],
    predicate: str = "MUTATES",
    ttl_ms: int = 60_000,
    max_retries: int = 10,
) -> Callable[[F], F]:
    """Makes every call of a function, plain or ``async``, hold a lease while it runs.

    The call waits for its lease in the kernel's queue, an ``async`` one without holding up the event loop; the lease is
    renewed while the call runs and let go when it returns or raises. The function keeps its name, text and signature, which
    is what an agent framework shows to its model, so this decorator goes under the framework's own.

    Args:
        klock_client: Where to ask.
        agent_id: Who calls.
        session_id: Which run of the agent.
        resource_type: As ``acquire_lease`` takes it.
        resource_path_extractor: Gets the call's arguments by name, defaults included, and returns the path. Of a FILE, and
            of the file in a SYMBOL ``file#name``, it is made canonical (``canonical_path``).
        predicate: As ``acquire_lease`` takes it.
        ttl_ms: How long the lease outlives a process that dies, 1 ms to 24 h.
        max_retries: How many seconds to wait at the most; 0 not to wait, and no more than an hour.

    Raises:
        TypeError: The function is a generator, whose work is done after the call has returned.
        KlockError: ``INVALID_REQUEST`` for a wrong ``max_retries``. The calls raise ``KlockConflictError`` when the lease is
            not granted, and ``KlockLeaseLostError`` when it ended before they returned.
    """
    wait_ms = wait_ms_of(max_retries)

    def decorate(function: F) -> F:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError("klock_protected takes no generator: its work is done after the call has returned.")
        signature = inspect.signature(function)

        def guard(args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> LeaseGuard:
            path = _canonical(resource_type, resource_path_extractor(_by_name(signature, args, kwargs)))
            return LeaseGuard(klock_client, Wanted(agent_id, session_id, resource_type, path, predicate, ttl_ms, wait_ms))

        @functools.wraps(function)
        def protected(*args: Any, **kwargs: Any) -> Any:
            with guard(args, kwargs):
                return function(*args, **kwargs)

        @functools.wraps(function)
        async def protected_async(*args: Any, **kwargs: Any) -> Any:
            async with guard(args, kwargs):
                return await function(*args, **kwargs)

        return cast(F, protected_async if inspect.iscoroutinefunction(function) else protected)

    return decorate


def _by_name(signature: inspect.Signature, args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> Dict[str, Any]:
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    named: Dict[str, Any] = {}
    for name, value in bound.arguments.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD:
            named.update(value)
        else:
            named[name] = value
    return named


def _canonical(resource_type: str, path: str) -> str:
    kind = resource_type.upper() if isinstance(resource_type, str) else ""
    if kind == "FILE":
        return canonical_path(path)[0]
    if kind == "SYMBOL" and isinstance(path, str):
        mark = path.find("#", path.rfind("/") + 1)
        if mark > 0:
            return canonical_path(path[:mark])[0] + path[mark:]
    return path
