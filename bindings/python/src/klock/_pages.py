"""Lists that are too long for one answer."""

from __future__ import annotations

from ._errors import KlockError
from ._steps import run, run_async

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Dict, Generator, List

    Request = Dict[str, object]

_PAGE = 1_000


def ask_all(ask: Callable[[Request], Any], wanted: Request) -> List[Any]:
    """All entries of a list, in one read if it is short enough, else in pages.

    Args:
        ask: Sends a request and returns its answer; raises ``KlockError``.
        wanted: The list's filter.
    """
    return run(_read(wanted), ask)


async def ask_all_async(ask: Callable[[Request], Awaitable[Any]], wanted: Request) -> List[Any]:
    """As ``ask_all``, for asyncio."""
    return await run_async(_read(wanted), ask)


def _read(wanted: Request) -> Generator[Request, Any, List[Any]]:
    entries: List[Any] = []
    try:
        entries += (yield wanted)["data"]
        return entries
    except KlockError as error:
        if error.code != "INVALID_REQUEST":
            raise
        whole = error  # too long, or invalid in another way, in which a page fails too
    after: Request = {}
    while True:
        try:
            page = yield {**wanted, "limit": _PAGE, **after}
        except KlockError:
            if entries:
                raise
            raise whole from None
        entries += page["data"]
        if "next" not in page:
            return entries
        after = {"after": page["next"]}
