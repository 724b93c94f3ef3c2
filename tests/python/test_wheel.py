"""The wheel itself: same bytes each time, a correct tag, a matching record, and nothing left after it is uninstalled."""

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import klock

INFO = f"klock-{klock.__version__}.dist-info"
SCRIPTS = f"klock-{klock.__version__}.data/scripts"


PROGRAMS = ("klock", "klock-server")


def build(top, out, library=None, version=klock.__version__, programs=PROGRAMS, **options):
    library = library or top / "dist" / "lib" / "libklock.so"
    command = [sys.executable, "-B", str(top / "bindings" / "python" / "build_wheel.py")]
    notices = top / "dist" / "THIRD-PARTY-NOTICES.txt"
    command += ["--library", str(library), "--notices", str(notices), "--out", str(out), "--version", version]
    for program in programs:
        command += ["--program", str(top / "dist" / "bin" / program)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def read(wheel, name):
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name)


def test_two_builds_make_the_same_bytes(top, wheel, tmp_path):
    library = Path(shutil.copy(top / "dist" / "lib" / "libklock.so", tmp_path))
    os.utime(library, (1, 1))
    library.chmod(0o600)
    other_place = {"cwd": "/", "env": {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}}
    assert build(top, tmp_path / "one").returncode == 0
    assert build(top, tmp_path / "two", library, **other_place).returncode == 0
    built = [path.read_bytes() for path in (tmp_path / "one" / wheel.name, tmp_path / "two" / wheel.name, wheel)]
    assert built[0] == built[1] == built[2]


def test_the_tag_is_the_highest_glibc_that_the_native_files_ask_for(wheel, tmp_path):
    symbols = ""
    for name in ("klock/_lib/libklock.so", *(f"{SCRIPTS}/{program}" for program in PROGRAMS)):
        native = tmp_path / "native"
        native.write_bytes(read(wheel, name))
        symbols += subprocess.run(["readelf", "-V", "-W", native], capture_output=True, text=True, check=True).stdout
    minor = max(int(version) for version in re.findall(r"Name: GLIBC_2\.(\d+)", symbols))
    tag = f"py3-none-manylinux_2_{minor}_x86_64"
    assert wheel.name == f"klock-{klock.__version__}-{tag}.whl"
    assert f"Tag: {tag}\n" in read(wheel, f"{INFO}/WHEEL").decode()
    assert "Root-Is-Purelib: false\n" in read(wheel, f"{INFO}/WHEEL").decode()


def test_the_tag_follows_the_file_and_not_the_machine(top, tmp_path):
    """A library that needs an old glibc only gets an old tag, whatever this machine runs."""
    source = 'extern void *memcpy(void *, const void *, unsigned long); void *f(void *a) { return memcpy(a, "x", 1); }'
    source = '__asm__(".symver memcpy,memcpy@GLIBC_2.2.5");' + source
    library = tmp_path / "libold.so"
    flags = ["-shared", "-fPIC", "-fno-builtin", "-nostartfiles", "-x", "c", "-o", library, "-"]
    subprocess.run(["cc", *flags], input=source, text=True, check=True)
    result = build(top, tmp_path / "out", library, programs=())
    assert result.stdout.splitlines()[0].endswith("-py3-none-manylinux_2_2_x86_64.whl"), result.stderr


def test_the_record_lists_every_file_with_its_hash_and_size(wheel):
    rows = {name: (digest, size) for name, digest, size in csv.reader(io.StringIO(read(wheel, f"{INFO}/RECORD").decode()))}
    with zipfile.ZipFile(wheel) as archive:
        assert sorted(rows) == sorted(archive.namelist())
        for name in archive.namelist():
            data = archive.read(name)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            expected = ("", "") if name == f"{INFO}/RECORD" else (f"sha256={digest}", str(len(data)))
            assert rows[name] == expected, name


def test_what_is_in_it(top, wheel):
    sources = {f"klock/{path.name}" for path in (top / "bindings" / "python" / "src" / "klock").glob("*.py")}
    langchain = {"klock_langchain.py", "klock/_langchain/tool.py", "klock_langchain-stubs/__init__.pyi", "klock_langchain-stubs/tool.pyi"}
    info = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "LICENSE", "THIRD-PARTY-NOTICES.txt")}
    programs = {f"{SCRIPTS}/{program}" for program in PROGRAMS}
    others = {"klock/py.typed", "klock/_lib/libklock.so"}
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == sources | langchain | info | programs | others
    for program in PROGRAMS:
        assert read(wheel, f"{SCRIPTS}/{program}") == (top / "dist" / "bin" / program).read_bytes()
    assert read(wheel, "klock/_lib/libklock.so") == (top / "dist" / "lib" / "libklock.so").read_bytes()
    assert read(wheel, f"{INFO}/LICENSE") == (top / "LICENSE").read_bytes()


def test_the_metadata(top, wheel):
    metadata = Parser().parsestr(read(wheel, f"{INFO}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"], metadata["License"]) == ("klock", klock.__version__, "MIT")
    assert metadata["Requires-Python"] == ">=3.9"
    assert metadata["Requires-Dist"] is None
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (top / "bindings" / "python" / "README.md").read_text(encoding="utf-8")


def test_the_page_that_a_registry_shows_has_no_link_that_leads_nowhere(wheel):
    page = Parser().parsestr(read(wheel, f"{INFO}/METADATA").decode()).get_payload()
    assert [link for link in re.findall(r"\]\(([^)]*)\)|\]: *(\S+)", page) if not "".join(link).startswith("https://")] == []


@pytest.mark.parametrize(
    "content, said", [(b"", "not a 64-bit"), (b"text", "not a 64-bit"), (b"\x7fELF\x02\x01\x01", "cut short"), (None, "No such file")]
)
def test_what_is_no_library_makes_no_wheel(top, tmp_path, content, said):
    library = tmp_path / "libklock.so"
    if content is not None:
        library.write_bytes(content)
    result = build(top, tmp_path / "out", library)
    assert result.returncode == 1 and said in result.stderr and len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("out/*.whl"))


def test_another_version_makes_no_wheel(top, tmp_path):
    result = build(top, tmp_path / "out", version="9.9.9")
    assert result.returncode == 1 and "9.9.9" in result.stderr


def test_an_older_wheel_is_not_left_beside_the_new_one(top, wheel, tmp_path):
    (tmp_path / "klock-0.0.1-py3-none-manylinux_2_5_x86_64.whl").write_bytes(b"old")
    (tmp_path / "klock_langchain-0.0.1-py3-none-any.whl").write_bytes(b"old")
    assert build(top, tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {wheel.name, LANGCHAIN}


def test_no_file_is_in_both_wheels_and_the_second_needs_the_first(top, wheel):
    langchain = wheel.with_name(LANGCHAIN)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(langchain) as other:
        assert not set(one.namelist()) & set(other.namelist())
        assert {"klock_langchain/__init__.py", "klock_langchain/tool.py", "klock_langchain/py.typed"} < set(other.namelist())
        assert other.read("klock_langchain/tool.py") == one.read("klock/_langchain/tool.py")
    metadata = Parser().parsestr(read(langchain, f"klock_langchain-{klock.__version__}.dist-info/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("klock-langchain", klock.__version__)
    assert metadata["Requires-Dist"] == f"klock>={klock.__version__}"


LANGCHAIN = f"klock_langchain-{klock.__version__}-py3-none-any.whl"
IMPORTS = """
import klock, klock_langchain, klock_langchain.tool as tool
from klock_langchain.tool import klock_protected
assert klock.klock_protected is klock_langchain.klock_protected is tool.klock_protected is klock_protected
print(klock_langchain.__file__.rpartition("site-packages/")[2])
"""


def test_whichever_is_installed_upgraded_or_removed_first_the_import_works(top, wheel, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"

    def pip(*arguments):
        found = ["--no-index", f"--find-links={wheel.parent}", f"--find-links={tmp_path}"] if arguments[0] == "install" else []
        command = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--quiet", *arguments, *found]
        subprocess.run(command, timeout=120, check=True)

    def imported():
        return subprocess.run([python, "-c", IMPORTS], capture_output=True, text=True, check=True).stdout.strip()

    alone, folder = "klock_langchain.py", "klock_langchain/__init__.py"
    pip("install", "klock")
    assert imported() == alone
    pip("install", "klock-langchain")
    assert imported() == folder
    pip("uninstall", "--yes", "klock-langchain")
    assert imported() == alone
    pip("uninstall", "--yes", "klock")
    pip("install", str(_as_of_the_original(tmp_path)))
    pip("install", "--upgrade", "klock-langchain")
    assert imported() == folder


def _as_of_the_original(folder):
    """A wheel with the name, version and files that the original's has, and nothing that works."""
    path = folder / "klock_langchain-0.2.0-py3-none-any.whl"
    info = "klock_langchain-0.2.0.dist-info"
    files = {
        "klock_langchain/__init__.py": "raise ImportError('the original')",
        "klock_langchain/tool.py": "raise ImportError('the original')",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: klock-langchain\nVersion: 0.2.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_it_installs_offline_checks_and_leaves_nothing_behind(wheel, tmp_path):
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"

    def files():
        return {path for path in venv.rglob("*") if path.is_file()}

    def pip(*arguments):
        command = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    before = files()
    installed = pip("install", "--no-index", str(wheel))
    assert installed.returncode == 0, installed.stderr
    checked = pip("check")
    assert (checked.returncode, checked.stdout) == (0, "No broken requirements found.\n")
    # Used without -B, so that byte code is written, which must go too.
    used = subprocess.run(
        [python, "-c", "import klock; print(klock.KlockClient().active_lease_count())"],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (used.stdout, used.stderr) == ("0\n", "")
    assert files() > before
    assert pip("uninstall", "--yes", "klock").returncode == 0
    assert files() == before
