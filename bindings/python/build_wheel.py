#!/usr/bin/env python3
"""Writes the wheel: the package, libklock inside it, the programs for the PATH, and the metadata. Same input, same bytes.

Usage: build_wheel.py --library dist/lib/libklock.so [--program dist/bin/klock]... --out dist/python --version 0.3.0

Only the standard library is used, because a build machine need not reach PyPI for build tools.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import stat
import sys
import zipfile
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from glibc_tag import platform_tag

_HERE = Path(__file__).resolve().parent
_PACKAGE = _HERE / "src" / "klock"
_LANGCHAIN = _HERE / "src" / "klock_langchain"
_LICENSE = _HERE.parents[1] / "LICENSE"

# The earliest time a zip can hold: neither the clock nor the checkout's file times get into the wheel.
_TIME = (1980, 1, 1, 0, 0, 0)

_METADATA = """\
Metadata-Version: 2.1
Name: klock
Version: {version}
Summary: Leases for AI agents that work on the same files, databases and configuration
Author: The Klock developers
License: MIT
License-File: LICENSE
Keywords: agents,coordination,lease,lock,wait-die
Classifier: License :: OSI Approved :: MIT License
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: Python :: 3
Classifier: Typing :: Typed
Requires-Python: >=3.9
Description-Content-Type: text/markdown

{readme}"""

_WHEEL = """\
Wheel-Version: 1.0
Generator: klock-build-wheel
Root-Is-Purelib: false
Tag: {tag}
"""


def build(library: Path, programs: Sequence[Path], out: Path, version: str) -> Path:
    """Writes ``klock-<version>-py3-none-<tag>.whl`` into ``out`` and removes klock's other wheels from there.

    Raises:
        ValueError: A native file has no manylinux tag, or the version is not the package's own.
        OSError: A file cannot be read or written.
    """
    _check_version(version)
    tag = f"py3-none-{platform_tag([library, *programs])}"
    files = _contents(library, programs, version, tag)
    wheel = out / f"klock-{version}-{tag}.whl"
    out.mkdir(parents=True, exist_ok=True)
    # An older wheel left beside the new one would be installed by "pip install dist/python/*.whl".
    for old in out.glob("klock-*.whl"):
        old.unlink()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            _add(archive, name, data)
    return wheel


def _contents(library: Path, programs: Sequence[Path], version: str, tag: str) -> Dict[str, bytes]:
    info = f"klock-{version}.dist-info"
    files = {}
    for package in (_PACKAGE, _LANGCHAIN):
        for path in [*sorted(package.glob("*.py")), package / "py.typed"]:
            files[f"{package.name}/{path.name}"] = path.read_bytes()
    files["klock/_lib/libklock.so"] = library.read_bytes()
    # pip puts these beside the interpreter: "klock" is on PATH wherever "python" is.
    files.update({f"klock-{version}.data/scripts/{program.name}": program.read_bytes() for program in programs})
    readme = (_HERE / "README.md").read_text(encoding="utf-8")
    files[f"{info}/LICENSE"] = _LICENSE.read_bytes()
    files[f"{info}/METADATA"] = _METADATA.format(version=version, readme=readme).encode()
    files[f"{info}/WHEEL"] = _WHEEL.format(tag=tag).encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    return files


def _record(files: Dict[str, bytes], own_name: str) -> bytes:
    def line(name: str, data: bytes) -> str:
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        return f"{name},sha256={digest},{len(data)}\n"

    return ("".join(line(name, data) for name, data in files.items()) + f"{own_name},,\n").encode()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = 3  # Unix, also when built elsewhere: the mode below is read only then
    is_executable = name.endswith(".so") or ".data/scripts/" in name
    # pip keeps a file executable only if it is marked as a regular file.
    entry.external_attr = (stat.S_IFREG | (0o755 if is_executable else 0o644)) << 16
    archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)


def _check_version(version: str) -> None:
    text = (_PACKAGE / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None or found[1] != version:
        raise ValueError(f"--version is {version}, klock/_version.py says {found and found[1]}: make them agree")


def main(arguments: Optional[List[str]] = None) -> int:
    """Builds what the command line asks for, prints the wheel's path; returns 1 after a plain line on stderr if it cannot."""
    parser = argparse.ArgumentParser(description="Write klock's Python wheel.")
    parser.add_argument("--library", type=Path, required=True, help="the libklock.so to put into the wheel")
    parser.add_argument("--program", type=Path, action="append", default=[], help="a program to put on PATH")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write the wheel into")
    parser.add_argument("--version", required=True, help="the version, which must be the package's own")
    asked = parser.parse_args(arguments)
    try:
        print(build(asked.library, asked.program, asked.out, asked.version))
    except (OSError, ValueError) as error:
        print(f"build_wheel: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
