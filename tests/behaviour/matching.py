"""Whether an answer is the expected one, where ids, times and numbers are compared by rule.

In an expected text, ``<any>`` stands for any text. A whole value may be:

    <id:NAME>    32 hex digits, the same wherever NAME stands again in the case, in requests too
    <time>       ms since 1970, from the case's start to a day ahead
    <wait>       0 to 1,000 ms
    <rising>     a fencing token above all before it in the case
    <number>     an integer from 0 to 2^53
"""

from __future__ import annotations

import re
import time

_DAY_MS = 25 * 3_600_000


class Matching:
    """What one case has met so far."""

    def __init__(self):
        self._ids = {}
        self._highest = 0
        self._began_ms = time.time() * 1_000 - 1_000

    def filled(self, value):
        """A request with the ids that its placeholders stand for."""
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, dict):
            return {name: self.filled(each) for name, each in value.items()}
        if isinstance(value, str) and value.startswith("<id:"):
            return self._ids[value]
        return value

    def difference(self, expected, actual, where="answer"):
        """What is not as expected, in a sentence; None when all is."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            if expected.keys() != actual.keys():
                return f"{where} has {sorted(actual)} instead of {sorted(expected)}: {actual}"
            return self._first(((expected[name], actual[name], f"{where}.{name}") for name in expected))
        if isinstance(expected, list) and isinstance(actual, list):
            if len(expected) != len(actual):
                return f"{where} has {len(actual)} entries instead of {len(expected)}: {actual}"
            return self._first((each, got, f"{where}[{index}]") for index, (each, got) in enumerate(zip(expected, actual)))
        fits = self._fits(expected, actual) if isinstance(expected, str) else expected == actual and type(expected) is type(actual)
        return None if fits else f"{where} is {actual!r} instead of {expected!r}"

    def _first(self, parts):
        return next((found for part in parts if (found := self.difference(*part)) is not None), None)

    def _fits(self, expected, actual):
        if expected.startswith("<id:"):
            return re.fullmatch("[0-9a-f]{32}", str(actual)) is not None and self._ids.setdefault(expected, actual) == actual
        if expected in ("<time>", "<wait>", "<rising>", "<number>"):
            return type(actual) is int and self._number_fits(expected, actual)
        if not isinstance(actual, str):
            return False
        return re.fullmatch(".*".join(map(re.escape, expected.split("<any>"))), actual, re.DOTALL) is not None

    def _number_fits(self, expected, actual):
        if expected == "<time>":
            return self._began_ms <= actual <= self._began_ms + _DAY_MS
        if expected == "<wait>":
            return 0 <= actual <= 1_000
        if expected == "<number>":
            return 0 <= actual < 2**53
        rises, self._highest = self._highest < actual < 2**53, actual
        return rises
