"""Where the library is looked for, and what is said when it is not there or does not fit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import klock

PACKAGE = Path(klock.__file__).parent
OWN_LIBRARY = PACKAGE / "_lib" / "libklock.so"

# Prints the file that was really mapped, or the error in one line.
PROBE = """
import sys
sys.path.insert(0, sys.argv[1])
import klock
try:
    client = klock.KlockClient()
except OSError as error:
    sys.exit(f"OSError: {error}")
assert client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000)["success"]
print(*sorted({line.split()[-1] for line in open("/proc/self/maps") if "libklock" in line}))
"""


def probe(package, cwd="/", **environment):
    command = [sys.executable, "-B", "-c", PROBE, str(Path(package).parent)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}
    return subprocess.run(
        command, env={**clean, **environment}, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def failure(package, **environment):
    result = probe(package, **environment)
    lines = result.stderr.splitlines()
    assert result.returncode == 1 and len(lines) == 1, f"not one plain line: {result.stderr}"
    return lines[0]


def compile_library(folder, source):
    target = folder / "libklock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", target, "-"], input=source, text=True, check=True)
    return target


@pytest.fixture
def package_without_library(tmp_path):
    return Path(shutil.copytree(PACKAGE, tmp_path / "elsewhere" / "klock", ignore=shutil.ignore_patterns("_lib")))


@pytest.mark.parametrize("folder", ["/", "/tmp", "/usr/lib"])
def test_the_packages_own_library_is_found_from_any_folder(folder):
    result = probe(PACKAGE, cwd=folder)
    assert (result.stdout, result.stderr) == (f"{OWN_LIBRARY}\n", "")


def test_import_needs_no_environment_at_all():
    result = subprocess.run(
        [sys.executable, "-I", "-c", "import klock; print(klock.KlockClient().active_lease_count())"],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.stdout, result.stderr) == ("0\n", "")


def test_the_environment_comes_first(tmp_path):
    other = shutil.copy(OWN_LIBRARY, tmp_path / "libklock-other.so")
    assert probe(PACKAGE, KLOCK_LIBRARY=str(other)).stdout == f"{other}\n"
    assert probe(PACKAGE, cwd=tmp_path, KLOCK_LIBRARY=other.name).stdout == f"{other}\n"


def test_an_empty_variable_counts_as_none():
    assert probe(PACKAGE, KLOCK_LIBRARY="").stdout == f"{OWN_LIBRARY}\n"


def test_the_environment_is_not_quietly_passed_over(tmp_path):
    missing = str(tmp_path / "no-such-library.so")
    message = failure(PACKAGE, KLOCK_LIBRARY=missing)
    assert "KLOCK_LIBRARY" in message and missing in message


def test_without_a_library_the_error_names_the_places(package_without_library):
    message = failure(package_without_library)
    assert "KLOCK_LIBRARY" in message and str(package_without_library / "_lib" / "libklock.so") in message
    assert "dist/lib" not in message


def test_a_source_checkout_uses_its_own_build(top):
    built = top / "dist" / "lib" / "libklock.so"
    result = probe(top / "bindings" / "python" / "src" / "klock")
    assert (result.stdout, result.stderr) == (f"{built.resolve()}\n", "")


def test_a_file_that_is_no_library(tmp_path):
    file = tmp_path / "libklock.so"
    file.write_text("no library")
    assert str(file) in failure(PACKAGE, KLOCK_LIBRARY=str(file))


def test_a_library_that_is_not_klock(tmp_path):
    other = compile_library(tmp_path, "int answer(void) { return 42; }")
    message = failure(PACKAGE, KLOCK_LIBRARY=str(other))
    assert str(other) in message and "not Klock's library" in message


def test_a_library_of_another_abi(tmp_path):
    newer = compile_library(tmp_path, "unsigned klock_abi_version(void) { return 2; }")
    message = failure(PACKAGE, KLOCK_LIBRARY=str(newer))
    assert str(newer) in message and "ABI version is 2" in message and "needs 1" in message
