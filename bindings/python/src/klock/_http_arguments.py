"""What a client of a server is made with, checked and brought into the form that it is sent in."""

from __future__ import annotations

import os
from typing import Dict, Optional, Sequence

from ._errors import KlockError


def is_command(command: object) -> bool:
    """Whether it is a list of words, the program first."""
    is_list = isinstance(command, Sequence) and not isinstance(command, (str, bytes))
    return is_list and bool(command) and all(isinstance(word, (str, os.PathLike)) for word in command)  # type: ignore[attr-defined]


def checked_key(name: str, api_key: Optional[str]) -> Optional[str]:
    """The key, if it can be sent.

    Raises:
        KlockError: ``INVALID_REQUEST``: it cannot. ``name`` says where it came from.
    """
    if api_key is not None and not (isinstance(api_key, str) and api_key and api_key.isascii() and api_key.isprintable()):
        raise KlockError("INVALID_REQUEST", f"{name} is not a key: it must be a string of printable ASCII characters.")
    return api_key


def headers(api_key: Optional[str]) -> Dict[str, str]:
    """What every request has."""
    always = {"Content-Type": "application/json", "Accept": "application/json"}
    return always if api_key is None else {**always, "Authorization": f"Bearer {api_key}"}
