"""What was built for linux-arm64 is for that processor, exports what the other library exports, and needs no more of the system."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess

import pytest
from conftest import HOST, TOP

from vm import BUILT

ARM64 = 183
PROGRAMS = ["bin/klock", "bin/klock-server"]

pytestmark = pytest.mark.skipif(
    HOST == "linux-arm64" or shutil.which("aarch64-linux-gnu-nm") is None,
    reason="nothing is cross-compiled here: aarch64-linux-gnu-gcc is missing, or this is that machine",
)


def _machine(path):
    head = path.read_bytes()[:20]
    assert head[:6] == b"\x7fELF\x02\x01"
    return struct.unpack_from("<H", head, 18)[0]


def _exports(nm, path):
    listed = subprocess.run([nm, "-D", "--defined-only", str(path)], check=True, capture_output=True, text=True).stdout
    return sorted(line.split()[-1] for line in listed.splitlines())


def _dynamic(path, kind):
    listed = subprocess.run(["readelf", "-d", "-W", str(path)], check=True, capture_output=True, text=True).stdout
    # Only the loader's own name has the processor in it.
    return {name for name in re.findall(rf"\({kind}\).*\[(.+?)\]", listed) if not name.startswith("ld-linux-")}


@pytest.mark.parametrize("name", ["lib/libklock.so", *PROGRAMS])
def test_it_is_for_arm64(release, name):
    assert _machine(BUILT / name) == ARM64


@pytest.mark.parametrize("built", [TOP / "dist", BUILT], ids=["here", "arm64"])
def test_the_page_is_in_the_server(release, built):
    assert b"dashboard/index.html.br" in (built / "bin/klock-server").read_bytes() or \
        "dashboard/index.html.br".encode("utf-16-le") in (built / "bin/klock-server").read_bytes()


@pytest.mark.parametrize(("compiler", "arm"), [("gcc", 0), ("aarch64-linux-gnu-gcc", 1)])
def test_the_flags_of_open_are_those_of_the_processors_headers(release, compiler, arm):
    """Two of them have other numbers on ARM, where a wrong one is another flag and no error."""
    names = {"CloseOnExec": "O_CLOEXEC", "PathOnly": "O_PATH", "Folder": "O_DIRECTORY", "NoFollow": "O_NOFOLLOW"}
    header = "#define _GNU_SOURCE\n#include <fcntl.h>\n" + "".join(f"@{name} {flag}\n" for name, flag in names.items())
    shown = subprocess.run([compiler, "-E", "-P", "-"], input=header, check=True, capture_output=True, text=True).stdout
    wanted = {name: int(value, 8) for name, value in re.findall(r"@(\w+) (0\d+)", shown)}
    source = (TOP / "src" / "Shared" / "OpenFlags.cs").read_text(encoding="utf-8")
    ours = {name: int(value, 16) for name, value in re.findall(r"const int (\w+) = (0x\w+);", source)}
    for name, *values in re.findall(r"(\w+) => s_isArm \? (0x\w+) : (0x\w+);", source):
        ours[name] = int(values[1 - arm], 16)
    assert ours == wanted


def test_both_libraries_export_the_same(release):
    exported = _exports("aarch64-linux-gnu-nm", BUILT / "lib/libklock.so")
    assert "klock_acquire" in {name.split("@")[0] for name in exported}
    assert exported == _exports("nm", TOP / "dist/lib/libklock.so")


@pytest.mark.parametrize("name", ["lib/libklock.so", *PROGRAMS])
def test_it_needs_what_the_other_needs(release, name):
    assert _dynamic(BUILT / name, "NEEDED") == _dynamic(TOP / "dist" / name, "NEEDED")
    assert _dynamic(BUILT / name, "SONAME") == _dynamic(TOP / "dist" / name, "SONAME")


@pytest.mark.parametrize("project", ["Klock.Native", "Klock.Cli", "Klock.Server"])
def test_it_is_made_of_the_packages_that_the_lock_file_records(release, project):
    """Its own lock file is not committed: NuGet's would be one more for each machine. So the packages are compared."""
    def packages(path):
        parts = json.loads(path.read_text(encoding="utf-8-sig"))["dependencies"]["net10.0"]
        return {name: part.get("resolved") for name, part in parts.items()}

    own = packages(TOP / "artifacts" / "machines" / "linux-arm64" / "obj" / project / "packages.lock.json")
    assert own == packages(TOP / "src" / project / "packages.lock.json")
