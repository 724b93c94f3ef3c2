"""One name for one file, whoever asks and from wherever."""

from __future__ import annotations

import os
from typing import Dict, Optional, Tuple, TypedDict, Union

from ._codec import decode, encode
from ._library import load_library

Path = Union[str, "os.PathLike[str]"]


class _Location(TypedDict):
    resource_path: str
    root: Optional[str]


class Location(_Location, total=False):
    """Where a file is: its name, the top of the work tree, what its repository is called, and the store that is shared there."""

    namespace: Optional[str]
    store: Optional[str]


def canonical_path(path: Path, cwd: Optional[Path] = None) -> Tuple[str, Optional[str]]:
    """The path to use in a FILE lease, so that everybody who means one file names one resource.

    Absolute from ``cwd``, without symbolic links, and inside a git repository relative to the top of the work tree, so
    that its work trees agree; a submodule belongs to its superproject. Nothing has to exist. ``acquire_lease`` itself takes paths
    as they are written.

    Args:
        path: Of a file, or ``dir/**`` for a directory and all beneath it; up to 4 KiB.
        cwd: Where a relative path starts; the current directory if it is left out.

    Returns:
        ``(resource_path, root)``: ``root`` is the top of the git work tree, or None outside of one.

    Raises:
        KlockError: ``INVALID_REQUEST`` when no such path is possible: it is empty, has a ``*`` that is no final ``/**``, a
        control character, or a cycle of symbolic links.
    """
    location = locate(path, cwd)
    return location["resource_path"], location["root"]


def locate(path: Path, cwd: Optional[Path] = None) -> Location:
    """Where a file is. The arguments and what is raised are those of ``canonical_path``."""
    library = load_library()
    request: Dict[str, object] = {"path": _text(path)}
    if cwd is not None:
        request["cwd"] = _text(cwd)
    location: Location = decode(library.take(library.canonical_path(encode(request))))["data"]
    return location


def _text(path: Path) -> object:
    # Other types are refused by the library, with its own message.
    return os.fspath(path) if isinstance(path, os.PathLike) else path
