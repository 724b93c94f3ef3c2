"""Requests to JSON and answers from it. The library judges what a request may hold, not this module."""

from __future__ import annotations

import json
import json.encoder
from collections.abc import Mapping

from ._errors import KlockError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_MAX_REQUEST_BYTES = 1_048_576


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__} cannot be written as JSON")


# Built once: json.dumps and json.loads make a new coder, or look one up, at every call.
_to_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain).encode
_from_text = json.JSONDecoder().raw_decode

# A text as JSON; raises TypeError for anything else. The type stubs do not know it.
quoted: Callable[[str], str] = json.encoder.encode_basestring  # type: ignore[attr-defined]


def encode(request: object) -> bytes:
    """The request as UTF-8 JSON.

    Raises:
        KlockError: ``INVALID_REQUEST``, naming the field, for what JSON cannot carry: bytes and other objects,
            lone surrogates, NaN, a structure that contains itself or is nested too deep.
    """
    try:
        return to_bytes(_to_text(request))
    except KlockError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        raise _invalid(request, error) from None


def to_bytes(text: str) -> bytes:
    """The bytes of a request. One that is too large is refused here, as the library would do without reading it.

    Raises:
        KlockError: ``PAYLOAD_TOO_LARGE``.
        UnicodeEncodeError: A lone surrogate.
    """
    if len(text) > _MAX_REQUEST_BYTES:
        allowed = f"larger than {_MAX_REQUEST_BYTES} bytes, which is the most allowed"
        raise KlockError("PAYLOAD_TOO_LARGE", f"The request is {allowed}.")
    return text.encode()


def decode(answer: bytes) -> Any:
    """The library's answer, which is always UTF-8 JSON.

    Raises:
        KlockError: The answer is an error.
    """
    return checked(parsed(answer))


def parsed(answer: bytes) -> Any:
    """The answer as it is, an error too."""
    return _from_text(answer.decode())[0]


def checked(answer: Any) -> Any:
    """The answer, unless it is an error.

    Raises:
        KlockError: It is.
    """
    if "code" in answer:
        raise KlockError(answer["code"], answer["error"])
    return answer


def _invalid(request: object, error: Exception) -> KlockError:
    """Encodes field by field to find the one that failed: only a failed request pays for it."""
    if isinstance(request, dict):
        for name, value in request.items():
            try:
                _to_text(value).encode()
            except (TypeError, ValueError, RecursionError) as found:
                return KlockError("INVALID_REQUEST", f"{str(name)[:64]} is not valid: {_reason(found)}.")
    return KlockError("INVALID_REQUEST", f"The request is not valid: {_reason(error)}.")


def _reason(error: Exception) -> str:
    # The messages of these two would show the whole value, which may be huge.
    if isinstance(error, UnicodeEncodeError):
        return "it contains a lone surrogate, and text must be valid Unicode"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return str(error)
