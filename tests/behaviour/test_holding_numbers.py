"""The numbers of "Holding a lease" are the same in docs/architecture.md and in every language, under the same names."""

from __future__ import annotations

import re

import pytest

from surfaces import TOP

_SOURCES = {
    "C#": ("src/Klock.Client/Holding/HoldingRules.cs", r"const int (\w+) = ([\d_]+);"),
    "Python": ("bindings/python/src/klock/_holding_rules.py", r"^([A-Z_]+) = ([\d_]+)$"),
    "Node": ("bindings/node/core/lib/holding_rules.js", r"^const ([A-Z_]+) = ([\d_]+);$"),
    "C++": ("bindings/c/include/klock_holding_rules.hpp", r"constexpr int (\w+) = (\d+);"),
}
# C++ calls a library, which cannot be cut short.
_NOT_IN_CPP = {"PATIENCES_LEFT", "SHORTEST_PATIENCE_MS"}


def _said():
    section = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Holding a lease")[2].partition("\n## ")[0]
    return {name: int(value.replace(",", "")) for name, value in re.findall(r"^\| `([A-Z_]+)` \| ([\d,]+) \|", section, re.MULTILINE)}


def _found(path, pattern):
    numbers = re.findall(pattern, (TOP / path).read_text(encoding="utf-8"), re.MULTILINE)
    return {_upper(name): int(value.replace("_", "")) for name, value in numbers}


def _upper(name):
    return name if name.isupper() else re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=A)(?=Ttl)", "_", name).upper()


@pytest.mark.parametrize("language", _SOURCES)
def test_the_numbers_are_those_of_the_page(language):
    said = _said()
    assert len(said) == 10
    wanted = {name: value for name, value in said.items() if language != "C++" or name not in _NOT_IN_CPP}
    assert _found(*_SOURCES[language]) == wanted
