"""Lists that are too long for one answer."""

from __future__ import annotations

from ._errors import KlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Dict, Generator, List

    Request = Dict[str, object]

_PAGE = 1_000


def ask_all(ask: Callable[[Request], Any], wanted: Request) -> List[Any]:
    """All entries of a list, in one read if that is allowed, else in pages.

    Args:
        ask: Sends a request and returns its answer; raises ``KlockError``.
        wanted: What narrows the list down.
    """
    reading = _read(wanted)
    request = next(reading)
    while True:
        try:
            try:
                answer = ask(request)
            except KlockError as error:
                request = reading.throw(error)
            else:
                request = reading.send(answer)
        except StopIteration as done:
            entries: List[Any] = done.value
            return entries


async def ask_all_async(ask: Callable[[Request], Awaitable[Any]], wanted: Request) -> List[Any]:
    """As ``ask_all``, for asyncio."""
    reading = _read(wanted)
    request = next(reading)
    while True:
        try:
            try:
                answer = await ask(request)
            except KlockError as error:
                request = reading.throw(error)
            else:
                request = reading.send(answer)
        except StopIteration as done:
            entries: List[Any] = done.value
            return entries


def _read(wanted: Request) -> Generator[Request, Any, List[Any]]:
    """Yields requests, is sent their answers or has their errors thrown into it, and returns all entries."""
    entries: List[Any] = []
    try:
        entries += (yield wanted)["data"]
        return entries
    except KlockError as error:
        if error.code != "INVALID_REQUEST":
            raise
        whole = error  # too long, or wrong in another way, which a page is too
    page: Any = {"next": 0}
    while "next" in page:
        try:
            page = yield {**wanted, "limit": _PAGE, "after": page["next"]}
        except KlockError:
            if entries:
                raise
            raise whole from None
        entries += page["data"]
    return entries
