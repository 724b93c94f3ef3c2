"""Writes the archive that a Linux kernel unpacks as its first root: the "newc" format of cpio, which needs no program and no root."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path
from typing import Dict, List


class Tree:
    """Files, folders and links by their path without the leading slash."""

    def __init__(self) -> None:
        self._entries: Dict[str, "tuple[int, bytes]"] = {}

    def folder(self, path: str) -> None:
        """Adds a folder, and those above it."""
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            self._entries.setdefault("/".join(parts[:length]), (stat.S_IFDIR | 0o755, b""))

    def file(self, path: str, content: bytes, mode: int = 0o755) -> None:
        """Adds a file, and the folders above it."""
        if "/" in path:
            self.folder(path.rsplit("/", 1)[0])
        self._entries[path] = (stat.S_IFREG | mode, content)

    def link(self, path: str, target: str) -> None:
        """Adds a symbolic link."""
        self.folder(path.rsplit("/", 1)[0])
        self._entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def take(self, source: Path) -> None:
        """Adds what a folder holds."""
        for found in sorted(source.rglob("*")):
            path = found.relative_to(source).as_posix()
            if found.is_symlink():
                self.link(path, str(found.readlink()))
            elif found.is_file():
                self.file(path, found.read_bytes(), stat.S_IMODE(found.stat().st_mode))

    def write(self, to: Path) -> None:
        """Writes the archive, compressed: lightly, since it is unpacked once by an emulated processor."""
        parts: List[bytes] = []
        for number, (path, (mode, content)) in enumerate(self._entries.items(), start=1):
            parts += _entry(path, number, mode, content)
        parts += _entry("TRAILER!!!", 0, 0, b"")
        with gzip.open(to, "wb", compresslevel=1) as archive:
            archive.write(b"".join(parts))


def _entry(path: str, number: int, mode: int, content: bytes) -> List[bytes]:
    name = path.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return [head, b"\0" * (-len(head) % 4), content, b"\0" * (-len(content) % 4)]
