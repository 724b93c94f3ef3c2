"""Which resources meet and which predicates conflict, written from the specification and sharing nothing with Klock."""

from __future__ import annotations

from functools import lru_cache
from typing import Tuple

_READERS = ("CONSUMES", "DEPENDS_ON")


def conflict(one: str, other: str) -> bool:
    """Whether two predicates exclude each other (KLIS-2)."""
    if one in _READERS and other in _READERS:
        return False
    return not ("PROVIDES" in (one, other) and (one in _READERS or other in _READERS))


def weaker(one: str, other: str) -> str:
    """The one that conflicts with less."""
    return min(one, other, key=_strength)


def _strength(predicate: str) -> int:
    return 0 if predicate in _READERS else 1 if predicate == "PROVIDES" else 2


@lru_cache(maxsize=None)
def meet(one: str, other: str) -> bool:
    """Whether two resources are the same, or one contains the other (KLIS-6)."""
    return one == other or _contains(one, other) or _contains(other, one)


def _contains(outer: str, inner: str) -> bool:
    kind, path = _split(outer)
    inner_kind, inner_path = _split(inner)
    if kind != "FILE" or inner_kind not in ("FILE", "SYMBOL") or (inner_kind == "SYMBOL" and "#" not in inner_path):
        return False
    file = inner_path.split("#")[0] if inner_kind == "SYMBOL" else inner_path
    if path.endswith("/**"):
        return file.startswith(path[:-2])
    return inner_kind == "SYMBOL" and file == path


def _split(resource: str) -> Tuple[str, str]:
    kind, _, path = resource.partition(":")
    return kind, path
