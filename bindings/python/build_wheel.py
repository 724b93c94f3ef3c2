#!/usr/bin/env python3
"""Writes the wheels. Same input, same bytes.

klock: the package, libklock inside it, the programs for the PATH, and the metadata. It has klock_langchain too, as one file.
klock-langchain: that module as a folder, for those who have the original's distribution of this name. Python takes the folder
before the file, and no file is in both wheels: so whichever is installed, upgraded or removed first, nothing of the other goes.

Usage: build_wheel.py --library dist/lib/libklock.so [--program dist/bin/klock]... \
           --notices dist/THIRD-PARTY-NOTICES.txt --out dist/python --version 0.3.0

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
_LANGCHAIN_FILE = _HERE / "src" / "klock_langchain.py"
_LANGCHAIN_STUBS = _HERE / "src" / "klock_langchain-stubs"
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
License-File: THIRD-PARTY-NOTICES.txt
Keywords: agents,coordination,lease,lock,wait-die
Classifier: License :: OSI Approved :: MIT License
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: Python :: 3
Classifier: Typing :: Typed
Requires-Python: >=3.9
Description-Content-Type: text/markdown

{readme}"""

_LANGCHAIN_METADATA = """\
Metadata-Version: 2.1
Name: klock-langchain
Version: {version}
Summary: klock_protected for LangChain tools: every call of a tool holds a lease on what it touches
Author: The Klock developers
License: MIT
License-File: LICENSE
Keywords: agents,coordination,langchain,lease,lock
Classifier: License :: OSI Approved :: MIT License
Classifier: Programming Language :: Python :: 3
Classifier: Typing :: Typed
Requires-Python: >=3.9
Requires-Dist: klock>={version}
Description-Content-Type: text/markdown

{readme}"""

_WHEEL = """\
Wheel-Version: 1.0
Generator: klock-build-wheel
Root-Is-Purelib: {is_pure}
Tag: {tag}
"""


def build(library: Path, programs: Sequence[Path], notices: Path, out: Path, version: str) -> List[Path]:
    """Writes ``klock-<version>-py3-none-<tag>.whl`` and ``klock_langchain-<version>-py3-none-any.whl`` into ``out``.

    Removes klock's other wheels from there: an older one left beside the new one would be installed by
    "pip install dist/python/*.whl".

    Raises:
        ValueError: A native file has no manylinux tag, or the version is not the package's own.
        OSError: A file cannot be read or written.
    """
    _check_version(version)
    tag = f"py3-none-{platform_tag([library, *programs])}"
    wheels = {
        out / f"klock-{version}-{tag}.whl": _klock(library, programs, notices, version, tag),
        out / f"klock_langchain-{version}-py3-none-any.whl": _klock_langchain(version),
    }
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("klock-*.whl"), *out.glob("klock_langchain-*.whl")]:
        old.unlink()
    for wheel, files in wheels.items():
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, data in files.items():
                _add(archive, name, data)
    return list(wheels)


def _klock(library: Path, programs: Sequence[Path], notices: Path, version: str, tag: str) -> Dict[str, bytes]:
    info = f"klock-{version}.dist-info"
    files = _sources(_PACKAGE, "klock", "*.py", "py.typed")
    # Not under its own name: beside that of klock-langchain, one of the two would be deleted with the other.
    files.update(_sources(_LANGCHAIN, "klock/_langchain", "tool.py"))
    files.update(_sources(_LANGCHAIN_STUBS, _LANGCHAIN_STUBS.name, "*.pyi"))
    files[_LANGCHAIN_FILE.name] = _LANGCHAIN_FILE.read_bytes()
    files["klock/_lib/libklock.so"] = library.read_bytes()
    # pip puts these beside the interpreter: "klock" is on PATH wherever "python" is.
    files.update({f"klock-{version}.data/scripts/{program.name}": program.read_bytes() for program in programs})
    files[f"{info}/THIRD-PARTY-NOTICES.txt"] = notices.read_bytes()
    readme = (_HERE / "README.md").read_text(encoding="utf-8")
    return _with_info(files, info, _METADATA.format(version=version, readme=readme), _WHEEL.format(tag=tag, is_pure="false"))


def _klock_langchain(version: str) -> Dict[str, bytes]:
    info = f"klock_langchain-{version}.dist-info"
    files = _sources(_LANGCHAIN, "klock_langchain", "*.py", "py.typed")
    readme = (_HERE / "README-langchain.md").read_text(encoding="utf-8")
    metadata = _LANGCHAIN_METADATA.format(version=version, readme=readme)
    return _with_info(files, info, metadata, _WHEEL.format(tag="py3-none-any", is_pure="true"))


def _sources(folder: Path, name: str, *patterns: str) -> Dict[str, bytes]:
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return {f"{name}/{path.name}": path.read_bytes() for path in found}


def _with_info(files: Dict[str, bytes], info: str, metadata: str, wheel: str) -> Dict[str, bytes]:
    files[f"{info}/LICENSE"] = _LICENSE.read_bytes()
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = wheel.encode()
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
    """Builds what the command line asks for, prints the wheels' paths; returns 1 after a plain line on stderr if it cannot."""
    parser = argparse.ArgumentParser(description="Write klock's Python wheels.")
    parser.add_argument("--library", type=Path, required=True, help="the libklock.so to put into the wheel")
    parser.add_argument("--program", type=Path, action="append", default=[], help="a program to put on PATH")
    parser.add_argument("--notices", type=Path, required=True, help="the licences of what is compiled into these")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write the wheels into")
    parser.add_argument("--version", required=True, help="the version, which must be the package's own")
    asked = parser.parse_args(arguments)
    try:
        print(*build(asked.library, asked.program, asked.notices, asked.out, asked.version), sep="\n")
    except (OSError, ValueError) as error:
        print(f"build_wheel: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
