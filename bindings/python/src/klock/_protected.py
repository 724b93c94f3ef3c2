"""A decorator for the tools of agents: each call holds a lease on what it touches."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Protocol, Tuple, TypeVar, cast

from ._coordinator import Coordinator
from ._errors import KlockError
from ._facade import Klock, RandomSession, namespace_or_environment, random_agent_id
from ._foreign import AcquiringClient, coordinator_of
from ._guard import AsyncLeaseGuard, LeaseGuard
from ._paths import Path
from ._pending import GENERATOR_REFUSAL, hold_until_done, is_pending, refuse_generator
from ._results import Predicate, ResourceType
from ._wanted import Named, Wanted, named, wait_ms_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import ParamSpec  # type checkers know it without the package, and nobody else needs it

    P = ParamSpec("P")

R = TypeVar("R")


class Decorator(Protocol):
    """Keeps a function's signature."""

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, protected."""


def klock_protected(
    klock_client: AcquiringClient,
    agent_id: Optional[str],
    session_id: Optional[str],
    resource_type: ResourceType,
    resource_path_extractor: Callable[[Dict[str, Any]], Path],
    predicate: Predicate = "MUTATES",
    ttl_ms: int = 60_000,
    max_retries: int = 10,
    *,
    namespace: Optional[str] = None,
) -> Decorator:
    """Makes every call of a function, plain or ``async``, hold a lease until its result is there.

    The call waits for its lease in the kernel's queue, an ``async`` one without blocking the event loop; the lease is renewed
    while the call runs and released when it returns or raises. If the function returns an awaitable, as a plain wrapper of an
    ``async`` one does, the lease lasts until that has been awaited to its end, or is dropped; if it returns a
    ``concurrent.futures.Future``, until that is done. The function keeps its name, docstring and signature, which an agent
    framework shows to its model, so this decorator goes under the framework's own.

    Args:
        klock_client: A client, a ``Klock``, or any object that has ``acquire_lease`` and ``release_lease``.
        agent_id: Who calls. None: the ``Klock``'s agent, else a random one.
        session_id: Which run of the agent. None: the ``Klock``'s session, else a random one. Do not write a constant here: two
            processes in one session do not exclude each other.
        resource_type: As ``acquire_lease`` takes it.
        resource_path_extractor: Gets the call's arguments by name, defaults included, and returns the path. Of a FILE, and
            of the file in a SYMBOL ``file#name``, it is made canonical (``canonical_path``).
        predicate: As ``acquire_lease`` takes it.
        ttl_ms: How long the lease outlives a process that dies, 1 ms to 24 h.
        max_retries: How many seconds to wait at the most; 0 not to wait, and no more than an hour.
        namespace: As ``Klock`` takes it.

    Raises:
        TypeError: The function is a generator, whose work is done after the call has returned. If that shows only when it is called,
        the call raises it.
        KlockError: ``INVALID_REQUEST`` for a wrong argument. The calls raise it too, when the extractor fails;
            ``KlockConflictError`` when the lease is not granted, and ``KlockLeaseLostError`` when it ended before the result was there.
    """
    if not callable(resource_path_extractor):
        what = f"resource_path_extractor is of type {type(resource_path_extractor).__name__}"
        raise KlockError("INVALID_REQUEST", f"{what}: it must be a function of the call's arguments.")
    asker = _Asker(klock_client, agent_id, session_id, namespace)
    protection = _Protection(asker, resource_type, resource_path_extractor, predicate, ttl_ms, wait_ms_of(max_retries))
    return cast(Decorator, protection.decorate)


class _Protection(NamedTuple):
    """What every call holds a lease on, and how."""

    asker: "_Asker"
    resource_type: str
    extractor: Callable[[Dict[str, Any]], Path]
    predicate: str
    ttl_ms: int
    wait_ms: int

    def decorate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, protected."""
        if not callable(function):
            raise TypeError("klock_protected is for functions.")
        if _is(function, _makes_generators):
            raise TypeError(GENERATOR_REFUSAL)
        client, signature = self.asker.client, inspect.signature(function)
        is_async = _is(function, inspect.iscoroutinefunction)
        # A plain wrapper of an async function: its caller awaits the result. Outside of a loop it may be one that runs it.
        wraps_async = not is_async and inspect.iscoroutinefunction(inspect.unwrap(_inner(function)))

        @functools.wraps(function)
        def protected(*args: Any, **kwargs: Any) -> Any:
            if wraps_async and _is_in_event_loop():
                return protected_async(*args, **kwargs)
            guard = LeaseGuard(client, self._wanted(signature, args, kwargs))
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                guard.__exit__(type(error), error, error.__traceback__)
                raise
            if is_pending(result):
                return hold_until_done(result, guard)
            guard.__exit__(None, None, None)
            return refuse_generator(result)

        @functools.wraps(function)
        async def protected_async(*args: Any, **kwargs: Any) -> Any:
            async with AsyncLeaseGuard(client, self._wanted(signature, args, kwargs)):
                result = function(*args, **kwargs)
                return refuse_generator(await result if inspect.isawaitable(result) else result)

        return protected_async if is_async else protected

    def _wanted(self, signature: inspect.Signature, args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> Wanted:
        call = _by_name(signature, args, kwargs)
        try:
            path = self.extractor(call)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"[:200]
            raise KlockError("INVALID_REQUEST", f"resource_path_extractor failed, so nothing was called: {why}.") from error
        return self.asker.wanted(named(self.resource_type, path), self.predicate, self.ttl_ms, self.wait_ms)


class _Asker:
    """Who sends the requests, and to which client."""

    def __init__(self, client: Any, agent_id: Optional[str], session_id: Optional[str], namespace: Optional[str]) -> None:
        facade = client if isinstance(client, Klock) else None
        for name, value in (("agent_id", agent_id), ("session_id", session_id), ("namespace", namespace)):
            if value is not None and not (isinstance(value, str) and value):
                raise KlockError("INVALID_REQUEST", f"{name} is {value!r:.64}: it must be a string of 1 to 256 bytes, or None.")
        self.client: Coordinator = facade.client if facade else coordinator_of(client, "klock_client")
        self._agent_id = agent_id or (facade.agent_id if facade else random_agent_id())
        self._session_id = session_id
        self._random_session = RandomSession()
        self._facade = facade
        self._namespace = namespace

    def wanted(self, resource: Named, predicate: str, ttl_ms: int, wait_ms: int) -> Wanted:
        """The leases of a call."""
        facade = self._facade
        session_id = self._session_id or (facade.session_id if facade else self._random_session())
        namespace = namespace_or_environment(self._namespace or (facade.namespace if facade else None))
        return Wanted(self._agent_id, session_id, [resource], [predicate], ttl_ms, wait_ms, None, namespace)


def _by_name(signature: inspect.Signature, args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> Dict[str, Any]:
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    by_name: Dict[str, Any] = {}
    for name, value in bound.arguments.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD:
            by_name.update(value)
        else:
            by_name[name] = value
    return by_name


def _inner(function: Any) -> Any:
    """The function that a partial calls in the end."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def _is(function: Any, kind: Callable[[Any], bool]) -> bool:
    """Whether a function, or the ``__call__`` of an object, is of a kind."""
    inner = _inner(function)
    return kind(inner) or (not inspect.isroutine(inner) and not inspect.isclass(inner) and kind(getattr(inner, "__call__", None)))


def _makes_generators(function: Any) -> bool:
    if inspect.isasyncgenfunction(function):
        return True
    # A function made by types.coroutine is awaited, though it is written as a generator.
    return inspect.isgeneratorfunction(function) and not function.__code__.co_flags & inspect.CO_ITERABLE_COROUTINE


def _is_in_event_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
