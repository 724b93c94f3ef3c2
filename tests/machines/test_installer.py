"""install.sh, run by the shells that people have, from files served on loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest
from conftest import HOST, TOP

from files_server import serving

INSTALLER = TOP / "install.sh"
TOOLS = ["cat", "cut", "dirname", "find", "grep", "gzip", "ls", "mkdir", "mktemp", "mv", "rm", "sed", "tar", "tr", "uname", "wc", "rmdir",
         "sha256sum", "getconf", "ldd", "head", "id"]
SHELLS = [["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]]


@pytest.fixture
def prefix(tmp_path):
    return tmp_path / "home" / ".local"


@pytest.fixture(scope="module")
def served(release):
    with serving(release) as address:
        yield address


def install(prefix, address, shell=("sh",), **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": str(prefix.parent), "KLOCK_BASE_URL": address, **variables}
    return subprocess.run([*shell], stdin=INSTALLER.open(), env=environment, capture_output=True, text=True, timeout=120, check=False)


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.lstat().st_ino for path in folder.rglob("*") if not path.is_dir()} \
        if folder.exists() else {}


def tools(folder, *left_out, **scripts):
    """A folder for PATH with what the installer needs, but for some; and programs of our own in place of others."""
    folder.mkdir()
    for name in ["curl", "wget", *TOOLS]:
        found = shutil.which(name)
        if found is not None and name not in left_out and name not in scripts:
            (folder / name).symlink_to(found)
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return str(folder)


def refused(ended, prefix, message, before=()):
    assert ended.returncode == 1, ended.stderr
    assert re.search(message, ended.stderr), ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("install.sh: ")
    assert files_in(prefix) == dict(before)
    assert prefix.exists() == bool(before), "folders are left that were not there"


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_fresh_install(served, prefix, version, shell):
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is missing")
    ended = install(prefix, served, shell)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    assert ended.stdout.startswith(f"klock {version} is in {prefix}/bin.\n")
    assert f'export PATH="{prefix}/bin:$PATH"' in ended.stdout
    assert {path.name for path in (prefix / "bin").iterdir()} == {"klock", "klock-server"}
    assert os.readlink(prefix / "lib" / "libklock.so.1") == "libklock.so"
    assert (prefix / "include" / "klock.h").exists() and (prefix / "share/man/man1/klock.1").exists()
    for name in ("LICENSE", "THIRD-PARTY-NOTICES.txt"):
        assert (prefix / "share/doc/klock" / name).exists() and not (prefix / name).exists()
    assert [path.name for path in prefix.iterdir() if path.name.startswith(".")] == []
    assert subprocess.check_output([prefix / "bin" / "klock", "version"], text=True) == f"klock {version}\n"


def test_a_prefix_of_ones_own_and_a_path_that_has_it(served, prefix, version):
    own = prefix.parent.parent / "own place"
    ended = install(prefix, served, PREFIX=str(own), PATH=f"{own}/bin:{os.environ['PATH']}")
    assert (ended.returncode, ended.stdout) == (0, f"klock {version} is in {own}/bin.\n")
    assert not prefix.exists()


def test_only_wget_is_there(served, prefix, tmp_path):
    ended = install(prefix, served, PATH=tools(tmp_path / "tools", "curl"), shell=["/bin/sh"])
    assert ended.returncode == 0, ended.stderr


def test_an_upgrade_over_a_klock_that_runs(served, prefix):
    assert install(prefix, served).returncode == 0
    before = files_in(prefix)
    server = subprocess.Popen([prefix / "bin" / "klock", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().split()[-1]
        assert install(prefix, served).returncode == 0
        after = files_in(prefix)
        assert set(after) == set(before) and after["bin/klock-server"] != before["bin/klock-server"]
        health = [prefix / "bin" / "klock", "health", "--server", address]
        assert subprocess.run(health, capture_output=True, timeout=30, check=False).returncode == 0
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


@pytest.fixture
def changed(release, tmp_path):
    """A copy of the release that a test may change."""
    folder = tmp_path / "release"
    folder.mkdir()
    for name in ("SHA256SUMS", *(path.name for path in release.glob("*.tar.gz"))):
        shutil.copy(release / name, folder)
    return folder


def test_a_wrong_checksum_changes_nothing(served, changed, prefix, version):
    assert install(prefix, served).returncode == 0
    before = files_in(prefix)
    package = changed / f"klock-{version}-{HOST}.tar.gz"
    package.write_bytes(package.read_bytes() + b"more")
    with serving(changed) as address:
        refused(install(prefix, address), prefix, rf"the checksum of {package.name} is wrong: .*nothing was changed", before)


@pytest.mark.parametrize("without", ["wget", "curl"])
def test_a_download_that_breaks_off_changes_nothing(changed, prefix, tmp_path, without):
    path = tools(tmp_path / "tools", without)
    with serving(changed, cut=".tar.gz") as address:
        ended = install(prefix, address, PATH=path, shell=["/bin/sh"])
    refused(ended, prefix, "could not be downloaded with (curl|wget); nothing was changed")


def test_sums_that_break_off_are_no_sums(changed, prefix):
    (changed / "SHA256SUMS").write_text("0123")
    with serving(changed) as address:
        refused(install(prefix, address), prefix, f"has no package for {HOST}")


@pytest.mark.parametrize("argument", ["--prefix=/opt", "0.3.0"])
def test_an_argument_is_an_error(served, prefix, argument):
    ended = install(prefix, served, ["sh", "-s", "--", argument])
    refused(ended, prefix, f"takes no arguments, and was given '{argument}': .*PREFIX.*Nothing was changed")


def test_help_installs_nothing(served, prefix):
    ended = install(prefix, served, ["sh", "-s", "--", "--help"])
    assert (ended.returncode, ended.stderr, prefix.exists()) == (0, "", False)
    for variable in ("PREFIX", "KLOCK_VERSION", "KLOCK_BASE_URL"):
        assert variable in ended.stdout


def test_a_prefix_with_a_slash_at_its_end(served, prefix, version):
    ended = install(prefix, served, PREFIX=f"{prefix}//", PATH=f"{os.environ['PATH']}:{prefix}/bin")
    assert (ended.returncode, ended.stdout) == (0, f"klock {version} is in {prefix}/bin.\n"), ended.stderr


def test_a_version_that_is_not_there(served, prefix):
    refused(install(prefix, served, KLOCK_VERSION="9.9.9"), prefix, f"no package for {HOST} of version 9.9.9")


def test_a_version_that_is_none(served, prefix):
    refused(install(prefix, served, KLOCK_VERSION="1/2"), prefix, "KLOCK_VERSION is '1/2': it must be a version")


def test_two_versions_want_a_choice(changed, prefix, version):
    sums = (changed / "SHA256SUMS").read_text()
    (changed / "SHA256SUMS").write_text(sums + sums.replace(version, "9.9.9"))
    with serving(changed) as address:
        refused(install(prefix, address), prefix, "names several packages")
        assert install(prefix, address, KLOCK_VERSION=f"v{version}").returncode == 0


def test_nothing_is_served_there(prefix, tmp_path):
    with serving(tmp_path) as address:
        refused(install(prefix, address), prefix, f"{address}/SHA256SUMS could not be downloaded")


@pytest.mark.parametrize(("script", "message"), [
    ('[ "$1" = -m ] && echo riscv64 || echo Linux', "no package for the processor riscv64"),
    ('[ "$1" = -m ] && echo amd64 || echo FreeBSD', r"no package for FreeBSD \(amd64\) that this installs"),
    ('[ "$1" = -m ] && echo x86_64 || echo Darwin', "has no package for osx-x64"),
])
def test_a_machine_without_a_package(served, prefix, tmp_path, script, message):
    path = tools(tmp_path / "tools", uname=script)
    refused(install(prefix, served, PATH=path, shell=["/bin/sh"]), prefix, message)


def test_musl_is_refused(served, prefix, tmp_path):
    path = tools(tmp_path / "tools", getconf="exit 1", ldd="echo 'musl libc (x86_64)' >&2; exit 1")
    refused(install(prefix, served, PATH=path, shell=["/bin/sh"]), prefix, "C library is musl, and Klock's programs need glibc")


def test_neither_curl_nor_wget(served, prefix, tmp_path):
    path = tools(tmp_path / "tools", "curl", "wget")
    refused(install(prefix, served, PATH=path, shell=["/bin/sh"]), prefix, "curl or wget is needed")


def test_a_program_that_does_not_run_here_is_not_installed(changed, prefix, version, tmp_path):
    """As one for a newer C library would not: it is tried first."""
    name = f"klock-{version}-{HOST}"
    (tmp_path / name / "bin").mkdir(parents=True)
    (tmp_path / name / "bin" / "klock").write_text("#!/bin/sh\necho 'GLIBC_9.9 not found' >&2\nexit 1\n")
    (tmp_path / name / "bin" / "klock").chmod(0o755)
    subprocess.run(["tar", "-czf", changed / f"{name}.tar.gz", "-C", tmp_path, name], check=True)
    found = subprocess.check_output(["sha256sum", changed / f"{name}.tar.gz"], text=True).split()[0]
    (changed / "SHA256SUMS").write_text(f"{found}  {name}.tar.gz\n")
    with serving(changed) as address:
        refused(install(prefix, address), prefix, "does not run on this machine: GLIBC_9.9 not found. Nothing was changed")


@pytest.mark.parametrize(("variables", "message"), [
    ({"PREFIX": "/proc/klock"}, "/proc/klock cannot be made: set PREFIX"),
    ({"PREFIX": "/proc/self"}, "/proc/self cannot be written to: set PREFIX"),
    ({"PREFIX": "relative/folder"}, "it must be an absolute path"),
    ({"HOME": ""}, "HOME is not set"),
])
def test_a_prefix_that_cannot_be_written_to(served, prefix, variables, message):
    refused(install(prefix, served, **variables), prefix, message)


def test_a_script_that_is_cut_short_does_nothing(served, prefix, tmp_path):
    text = INSTALLER.read_text()
    for part in range(1, 20):
        cut = tmp_path / "cut.sh"
        cut.write_text(text[: len(text) * part // 20])
        subprocess.run(["sh", cut], env={"PATH": os.environ["PATH"], "HOME": str(prefix.parent), "KLOCK_BASE_URL": served},
                       capture_output=True, timeout=60, check=False)
        assert files_in(prefix) == {}


def test_an_interrupted_download_leaves_nothing(changed, prefix):
    """The connection is made and nothing comes: Ctrl-C then."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = {"PATH": os.environ["PATH"], "HOME": str(prefix.parent),
                       "KLOCK_BASE_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        running = subprocess.Popen(["sh", INSTALLER], env=environment, stderr=subprocess.PIPE, start_new_session=True)
        connection, _ = silent.accept()
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(30) != 0
        running.stderr.close()
        connection.close()
    deadline = time.monotonic() + 10
    while prefix.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not prefix.exists()


def test_shellcheck_finds_nothing():
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is missing")
    ended = subprocess.run(["shellcheck", "--shell=sh", INSTALLER], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_it_never_asks_for_root():
    assert "sudo" not in INSTALLER.read_text()
