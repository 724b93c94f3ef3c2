"""The files of a release: what is in each, for each machine, and that SHA256SUMS tells the truth."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zipfile

import pytest
from conftest import HOST, TOP

MACHINES = sorted({HOST, "linux-arm64"})
PROCESSORS = {"linux-x64": ("x64", "x86_64", 62), "linux-arm64": ("arm64", "aarch64", 183)}
PE_X64, MACHO_64, MACHO_ARM64, CODE_SIGNATURE = 0x8664, 0xFEEDFACF, 0x0100000C, 0x1D
LICENCES = ("LICENSE", "THIRD-PARTY-NOTICES.txt")
cross_made = pytest.mark.skipif(HOST != "linux-x64", reason="packages for other systems are made on linux-x64")


def _elf_machine(content):
    return struct.unpack_from("<H", content, 18)[0]


def _tar(release, version, machine):
    return tarfile.open(release / f"klock-{version}-{machine}.tar.gz")


def _npm(release, name, version):
    with tarfile.open(release / f"klock-protocol-{name}-{version}.tgz") as package:
        return {member.name.split("/", 1)[1]: (member.mode, package.extractfile(member).read()) for member in package if member.isfile()}


def test_the_sums_are_of_all_files_and_right(release):
    lines = (release / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    told = {name: sum_ for sum_, name in (line.split("  ") for line in lines)}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in release.iterdir() if path.name != "SHA256SUMS"}
    assert told == there


@pytest.mark.parametrize("machine", MACHINES)
def test_the_tarball_has_what_dist_has(release, version, machine):
    with _tar(release, version, machine) as tar:
        members = {member.name: member for member in tar}
        top = f"klock-{version}-{machine}"
        expected = {f"{top}/{path.relative_to(TOP / 'dist').as_posix()}"
                    for part in ("bin", "include", "lib", "share") for path in (TOP / "dist" / part).rglob("*") if not path.is_dir()}
        assert set(members) == expected | {f"{top}/{name}" for name in LICENCES}
        for name in ("bin/klock", "bin/klock-server", "lib/libklock.so"):
            assert members[f"{top}/{name}"].mode == 0o755
            assert _elf_machine(tar.extractfile(f"{top}/{name}").read(20)) == PROCESSORS[machine][2]
        assert (members[f"{top}/lib/libklock.so.1"].issym(), members[f"{top}/lib/libklock.so.1"].linkname) == (True, "libklock.so")
        assert {(member.mtime, member.uid, member.gid, member.uname) for member in members.values()} == {(0, 0, 0, "")}


@cross_made
def test_the_package_for_windows_has_programs_for_it(release, version):
    top = f"klock-{version}-win-x64"
    with zipfile.ZipFile(release / f"{top}.zip") as archive:
        programs = [f"{top}/bin/{name}" for name in ("e_sqlite3.dll", "klock-server.exe", "klock.exe")]
        assert sorted(archive.namelist()) == [f"{top}/LICENSE", f"{top}/THIRD-PARTY-NOTICES.txt", *programs]
        for name in programs:
            content = archive.read(name)
            (header,) = struct.unpack_from("<I", content, 0x3C)
            assert content[header:header + 4] == b"PE\0\0" and struct.unpack_from("<H", content, header + 4)[0] == PE_X64, name
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@cross_made
def test_the_package_for_macos_has_signed_programs_for_it(release, version):
    """An ARM64 Mac kills a program that nobody signed, be it with no name ("ad hoc")."""
    with _tar(release, version, "osx-arm64") as tar:
        top = f"klock-{version}-osx-arm64"
        members = {member.name: member for member in tar}
        programs = [f"{top}/bin/{name}" for name in ("klock", "klock-server", "libe_sqlite3.dylib")]
        assert set(members) == {*programs, *(f"{top}/{name}" for name in LICENCES), f"{top}/share/man/man1/klock.1"}
        for name in programs:
            content = tar.extractfile(name).read()
            magic, processor, _, _, commands, _, _, _ = struct.unpack_from("<8I", content)
            assert (magic, processor, members[name].mode) == (MACHO_64, MACHO_ARM64, 0o755), name
            at, kinds = 32, set()
            for _ in range(commands):
                kind, size = struct.unpack_from("<2I", content, at)
                kinds.add(kind)
                at += size
            assert CODE_SIGNATURE in kinds, name


@pytest.mark.parametrize("machine", MACHINES)
def test_the_wheel_says_its_platform_and_carries_it(release, version, machine):
    _, processor, number = PROCESSORS[machine]
    (wheel,) = release.glob(f"klock-{version}-py3-none-manylinux_2_*_{processor}.whl")
    with zipfile.ZipFile(wheel) as archive:
        scripts = f"klock-{version}.data/scripts"
        for name in ("klock/_lib/libklock.so", f"{scripts}/klock", f"{scripts}/klock-server"):
            assert _elf_machine(archive.read(name)) == number
        tag = wheel.name[: -len(".whl")].split("-", 2)[2]
        assert f"Tag: {tag}\n" in archive.read(f"klock-{version}.dist-info/WHEEL").decode()


@pytest.mark.parametrize("machine", MACHINES)
def test_the_npm_package_is_for_its_platform(release, version, machine):
    node, _, number = PROCESSORS[machine]
    files = _npm(release, f"core-{machine}", version)
    told = json.loads(files["package.json"][1])
    assert (told["name"], told["version"]) == (f"@klock-protocol/core-{machine}", version)
    assert (told["os"], told["cpu"], told["libc"]) == (["linux"], [node], ["glibc"])
    assert set(files) == {"package.json", "README.md", *LICENCES, "libklock.so", "bin/klock", "bin/klock-server"}
    assert {_elf_machine(files[name][1]) for name in ("libklock.so", "bin/klock", "bin/klock-server")} == {number}
    assert files["bin/klock"][0] & 0o111


def test_the_npm_core_asks_for_each_platform_and_looks_for_each(release, version):
    files = _npm(release, "core", version)
    wanted = json.loads(files["package.json"][1])["optionalDependencies"]
    assert wanted == {f"@klock-protocol/core-{machine}": version for machine in PROCESSORS}
    for machine in PROCESSORS:
        assert f"'{machine}': '@klock-protocol/core-{machine}'" in files["lib/library.js"][1].decode()


def test_the_archive_is_the_same_each_time(release, version):
    """No time of the build is in it: the time that gzip records is none."""
    head = io.BytesIO((release / f"klock-{version}-{HOST}.tar.gz").read_bytes()).read(8)
    assert head[4:8] == b"\0\0\0\0"
