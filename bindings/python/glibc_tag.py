"""Reads a wheel's platform tag out of its native files, so that it says what they need and not what the machine has."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Iterator, Sequence

_MACHINES = {62: "x86_64", 183: "aarch64"}
_VERSION_NEEDS = 0x6FFFFFFE  # SHT_GNU_verneed
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)(\.\d+)?")


def platform_tag(files: Sequence[Path]) -> str:
    """``manylinux_2_X_x86_64``, X being the highest minor version of glibc that any of the files asks for.

    Raises:
        ValueError: A file is no 64-bit little-endian ELF file, is for another processor, or needs no glibc at all.
    """
    needs = [_need(file) for file in files]
    machines = {machine for _, machine in needs}
    if len(machines) != 1:
        raise ValueError(f"the files are for several processors: {sorted(machines)}")
    (major, minor), machine = max(needs)
    return f"manylinux_{major}_{minor}_{machine}"


def _need(library: Path) -> "tuple[tuple[int, int], str]":
    data = library.read_bytes()
    try:
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{library} is not a 64-bit little-endian ELF file")
        machine = struct.unpack_from("<H", data, 18)[0]
        versions = [found for name in _needed_versions(data) if (found := _GLIBC.fullmatch(name))]
    except struct.error:
        raise ValueError(f"{library} is cut short") from None
    if machine not in _MACHINES:
        raise ValueError(f"{library} is for ELF machine {machine}; supported: {_MACHINES}")
    if not versions:
        raise ValueError(f"{library} needs no version of glibc, so it is not a manylinux library")
    return max((int(found[1]), int(found[2])) for found in versions), _MACHINES[machine]


def _needed_versions(data: bytes) -> Iterator[str]:
    """Every symbol version that the library needs of others, by walking its version-needs section."""
    table, entry_size, count = _sections(data)
    for index in range(count):
        kind, offset, strings = _section(data, table + index * entry_size)
        if kind == _VERSION_NEEDS:
            _, text, _ = _section(data, table + strings * entry_size)
            yield from _walk(data, offset, text)


def _sections(data: bytes) -> "tuple[int, int, int]":
    table: int = struct.unpack_from("<Q", data, 40)[0]
    entry_size, count = struct.unpack_from("<HH", data, 58)
    return table, entry_size, count


def _section(data: bytes, header: int) -> "tuple[int, int, int]":
    kind: int = struct.unpack_from("<I", data, header + 4)[0]
    offset: int = struct.unpack_from("<Q", data, header + 24)[0]
    link: int = struct.unpack_from("<I", data, header + 40)[0]
    return kind, offset, link


def _walk(data: bytes, need: int, text: int) -> Iterator[str]:
    while True:
        _, count, _, first, next_need = struct.unpack_from("<HHIII", data, need)
        entry = need + first
        for _ in range(count):
            _, _, _, name, next_entry = struct.unpack_from("<IHHII", data, entry)
            start = text + name
            yield data[start : data.index(b"\0", start)].decode("ascii")
            entry += next_entry
        if not next_need:
            return
        need += next_need
