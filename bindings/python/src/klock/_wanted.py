"""The leases of a guard."""

from __future__ import annotations

import os
from typing import Any, List, Mapping, NamedTuple, Optional, Sequence

from . import _requests as requests
from ._answers import lease_result, leases_result
from ._errors import KlockError
from ._paths import Location, Path, locate
from ._repository import first_commit
from ._results import LeaseGranted, LeaseRefused

_WAIT_A_RETRY_MS = 1_000
_LONGEST_WAIT_MS = 3_600_000
_PREDICATES = {
    "read": "CONSUMES",
    "mutate": "MUTATES",
    "delete": "DELETES",
    "rename": "RENAMES",
    "provide": "PROVIDES",
    "depend": "DEPENDS_ON",
}


class Named(NamedTuple):
    """A resource by its canonical name, and the name of the repository that its file is in."""

    resource_type: str
    path: str
    repository: Optional[str] = None
    has_file: bool = False
    root: Optional[str] = None

    @property
    def namespace(self) -> Optional[str]:
        """The name of its repository on a server that keeps repositories apart: its origin, else its first commit."""
        if not self.has_file:
            return _repository_here()
        return self.repository or (first_commit(self.root) if self.root else None)


class Wanted(NamedTuple):
    """One lease, or several that are acquired in one step."""

    agent_id: str
    session_id: str
    resources: Sequence[Named]
    predicates: Sequence[str]
    ttl_ms: int
    wait_ms: int
    note: Optional[str] = None
    namespace: Optional[str] = None

    @property
    def verb(self) -> str:
        """The method that requests them."""
        return "acquire" if len(self.resources) == 1 else "acquire_all"

    @property
    def path(self) -> str:
        """What they are for, in messages."""
        return ", ".join(named.path for named in self.resources)

    def request(self, wait_ms: int) -> requests.Request:
        """The request for them."""
        agent_id, session_id, ttl_ms, note, namespace = self.agent_id, self.session_id, self.ttl_ms, self.note, self.namespace
        if len(self.resources) == 1:
            kind, path = self.resources[0][:2]
            return requests.acquire(agent_id, session_id, kind, path, self.predicates[0], ttl_ms, wait_ms, note, None, namespace)
        intents: List[Mapping[str, object]] = [
            {"predicate": predicate, "resource_type": named.resource_type, "resource_path": named.path}
            for named, predicate in zip(self.resources, self.predicates)
        ]
        return requests.acquire_all(agent_id, session_id, intents, ttl_ms, wait_ms, note, None, namespace)

    def granted(self, answer: Mapping[str, Any]) -> List[LeaseGranted]:
        """The leases of an answer; none for a refusal."""
        if not answer["success"]:
            return []
        if self.verb == "acquire":
            one = lease_result(answer)
            return [one] if one["success"] else []
        many = leases_result(answer)
        return many["leases"] if many["success"] else []

    @staticmethod
    def refused(answer: Mapping[str, Any]) -> LeaseRefused:
        """An answer that is a refusal."""
        refusal = lease_result(answer)
        assert not refusal["success"]
        return refusal

    def in_namespace_of_its_repository(self) -> "Wanted":
        """The same for a server that is shared by several repositories.

        Raises:
            KlockError: ``INVALID_REQUEST``: it is in no repository, or in several.
        """
        namespaces = {named.namespace for named in self.resources}
        if len(namespaces) > 1:
            raise KlockError("INVALID_REQUEST", "The paths are in several repositories: ask for those of each by themselves.")
        (namespace,) = namespaces
        if namespace is None:
            missing = f"The server keeps repositories apart, and {self.path[:64]!r} is in no git repository that has a name"
            raise KlockError("INVALID_REQUEST", f"{missing}: say namespace, or set KLOCK_NAMESPACE.")
        return self._replace(namespace=namespace)


def wait_ms_of(max_retries: int) -> int:
    """The time to wait that a count of retries stands for: a second each, and an hour at the most.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is no count.
    """
    if not isinstance(max_retries, int) or isinstance(max_retries, bool) or max_retries < 0:
        raise KlockError("INVALID_REQUEST", "max_retries is not a count: it must be an integer, 0 or more (a second of waiting each).")
    return min(max_retries * _WAIT_A_RETRY_MS, _LONGEST_WAIT_MS)


def predicate_of(mode: str) -> str:
    """The predicate that a mode stands for.

    Raises:
        KlockError: ``INVALID_REQUEST`` when it is none.
    """
    predicate = _PREDICATES.get(mode) if isinstance(mode, str) else None
    if predicate is None:
        raise KlockError("INVALID_REQUEST", f"mode is {str(mode)[:64]!r}: it must be {', '.join(_PREDICATES)}.")
    return predicate


def named_file(path: Path) -> Named:
    """A file by its canonical name.

    Raises:
        KlockError: ``INVALID_REQUEST``.
    """
    return _named("FILE", locate(path))


def named_files(paths: Sequence[Path]) -> Sequence[Named]:
    """Several files.

    Raises:
        KlockError: ``INVALID_REQUEST``.
    """
    if not paths:
        raise KlockError("INVALID_REQUEST", "files was given no path: it must be one or more.")
    return [named_file(path) for path in paths]


def named(resource_type: str, path: Path) -> Named:
    """A resource by its canonical name: files, and the files of symbols, are made canonical.

    Raises:
        KlockError: ``INVALID_REQUEST``.
    """
    kind = resource_type.upper() if isinstance(resource_type, str) else ""
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if kind == "FILE":
        return named_file(text)
    if kind == "SYMBOL" and isinstance(text, str):
        mark = _mark_in(text)
        if mark > 0:
            # In a name a "/" would look like a folder's, and the "#" before it like a part of the folder's name.
            return _named(resource_type, locate(text[:mark]), text[mark:].replace("/", "%2F"))
    return Named(resource_type, text)


def _named(resource_type: str, location: Location, symbol: str = "") -> Named:
    return Named(resource_type, location["resource_path"] + symbol, location.get("namespace"), True, location["root"])


def _mark_in(text: str) -> int:
    """The index of the mark in ``file#name``, -1 if there is none: the same rule as the command line's.

    The kernel looks for the first ``#`` after the last ``/``; after a drive letter ``\\`` counts as ``/``. Where the name has a ``/`` of
    its own, the file that exists decides.
    """
    drive = text.lstrip()[:3]
    has_drive = drive[:1].isascii() and drive[:1].isalpha() and drive[1:] in (":", ":/", ":\\")
    by_the_rule = text.find("#", max(text.rfind("/"), text.rfind("\\") if has_drive else -1) + 1)
    marks = (at for at, character in enumerate(text) if character == "#")
    return by_the_rule if by_the_rule >= 0 else next((at for at in marks if os.path.isfile(text[:at])), -1)


def _repository_here() -> Optional[str]:
    try:
        return _named("FILE", locate(".")).namespace
    except KlockError:
        return None  # the working directory is gone, and a name that is no path does not need it
