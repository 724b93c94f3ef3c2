"""The Homebrew formula: Ruby takes it, its checksums are those of the packages, and its blocks do what they should."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from conftest import HOST

pytestmark = pytest.mark.skipif(shutil.which("ruby") is None, reason="ruby is missing")

STAND_IN = Path(__file__).resolve().parent / "formula_stand_in.rb"
MACHINES = sorted({HOST, "linux-arm64", "osx-arm64"} if HOST == "linux-x64" else {HOST})


def test_ruby_takes_it(release):
    ended = subprocess.run(["ruby", "-wc", release / "klock.rb"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "Syntax OK", "")


def test_it_installs_the_package_of_this_machine(release, version, tmp_path):
    told = _run(release, version, HOST, tmp_path)
    assert told["version"] == version and told["license"] == "MIT"
    assert len(told["desc"]) < 80 and not told["desc"].endswith(".")
    cellar = tmp_path / "cellar"
    assert {path.name for path in (cellar / "bin").iterdir()} == {"klock", "klock-server"}
    assert os.readlink(cellar / "lib" / "libklock.so.1") == "libklock.so"
    assert (cellar / "lib" / "pkgconfig" / "klock.pc").exists() and (cellar / "include" / "klock.h").exists()
    assert (cellar / "share" / "man" / "man1" / "klock.1").exists()
    assert (cellar / "share" / "doc" / "klock" / "THIRD-PARTY-NOTICES.txt").exists()


@pytest.mark.parametrize("machine", MACHINES)
def test_the_address_and_the_checksum_are_of_that_machine(release, version, tmp_path, machine):
    # What is installed is this machine's, since the test block runs it; which package is named is the point.
    told = _run(release, version, HOST, tmp_path, named=machine)
    package = f"klock-{version}-{machine}.tar.gz"
    assert told["url"] == f"https://github.com/klock-protocol/klock/releases/download/v{version}/{package}"
    assert told["sha256"] == hashlib.sha256((release / package).read_bytes()).hexdigest()


def _run(release, version, machine, folder, named=None):
    with tarfile.open(release / f"klock-{version}-{machine}.tar.gz") as tar:
        tar.extractall(folder)
    command = ["ruby", STAND_IN, release / "klock.rb", named or machine, folder / f"klock-{version}-{machine}", folder / "cellar"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return dict(line.split(" ", 1) for line in ended.stdout.splitlines())
