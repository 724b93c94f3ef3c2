"""The samples of the README share one store: whichever two run in one repository, in whatever languages, one keeps the other out."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time

import pytest

from surfaces import TOP, WORK

WITHIN_S = 30
LANGUAGES = ("sh", "python", "js", "c")
_LIBRARY = TOP / "dist" / "lib"


def _block(language):
    """The one block of the README that shows how a file is taken."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", (TOP / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (block,) = (one for one in blocks if "src/auth.ts" in one)
    return block


def _with(block, old, new):
    assert old in block, f"the sample has no {old!r} any more"
    return block.replace(old, new, 1)


@pytest.fixture(scope="session")
def samples(packages):
    """Each sample as a program that says "in" when it has the file, and keeps it until it reads a line."""
    folder = WORK / "samples"
    folder.mkdir()
    edit = folder / "edit.sh"
    edit.write_text("#!/bin/sh\necho in\nread line\n")
    edit.chmod(0o755)
    shell = _with(re.sub(r" +#.*", "", _block("sh").splitlines()[0]), "./edit.sh", str(edit))
    python = folder / "sample.py"
    python.write_text(_with(_block("python"), "    ...  ", '    print("in", flush=True); input()  '))
    node = WORK / "node" / "sample.mjs"
    wait = "await new Promise((resolve) => { process.stdin.once('data', resolve); console.log('in'); }); process.stdin.destroy();"
    node.write_text(_with(_block("js"), "// read, think, write", wait))
    body = _with(_block("c"), "puts(answer);", 'if (strstr(answer, "true")) { puts("in"); fflush(stdout); getchar(); } else puts(answer);')
    includes = "".join(line + "\n" for line in body.splitlines() if line.startswith("#include"))
    lines = "".join(line + "\n" for line in body.splitlines() if not line.startswith("#include"))
    source = folder / "sample.c"
    source.write_text(f"#include <klock.h>\n#include <stdio.h>\n#include <string.h>\n{includes}int main(void) {{\n{lines}return 0;\n}}\n")
    link = ["-L", str(_LIBRARY), "-lklock", f"-Wl,-rpath,{_LIBRARY}", "-o", str(folder / "sample_c")]
    subprocess.run(["cc", "-I", str(TOP / "dist" / "include"), str(source), *link], check=True)
    return {
        "sh": ["sh", "-c", shell], "python": [str(WORK / "python" / "bin" / "python"), "-B", str(python)],
        "js": ["node", str(node)], "c": [str(folder / "sample_c")],
    }


class _Sample:
    def __init__(self, command, repository):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KLOCK_", "NODE_", "PYTHON"))}
        path = f"{WORK / 'python' / 'bin'}{os.pathsep}{kept['PATH']}"
        self.process = subprocess.Popen(command, cwd=repository, env={**kept, "PATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def says(self, within_s):
        ready, _, _ = select.select([self.process.stdout], [], [], within_s)
        return self.process.stdout.readline().decode() if ready else None

    def go_on(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


@pytest.mark.parametrize("second", LANGUAGES)
@pytest.mark.parametrize("first", LANGUAGES)
def test_one_keeps_the_other_out(samples, tmp_path, first, second):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with _Sample(samples[first], tmp_path) as holder:
        assert holder.says(WITHIN_S) == "in\n"
        with _Sample(samples[second], tmp_path) as other:
            if second == "c":  # it asks once, and does not wait
                assert '"success":false,"reason":' in other.says(WITHIN_S)
                return
            _until_waiting(tmp_path)
            assert other.says(0) is None
            holder.go_on()
            assert other.says(WITHIN_S) == "in\n"
            other.go_on()
            assert other.process.wait(WITHIN_S) == 0
        assert holder.process.wait(WITHIN_S) == 0


def _until_waiting(repository):
    klock = str(WORK / "python" / "bin" / "klock")
    until = time.monotonic() + WITHIN_S
    ask = [klock, "why", "src/auth.ts", "--json"]
    while not re.search(b'"state":"(queued|parked)"', subprocess.run(ask, cwd=repository, stdout=subprocess.PIPE, check=True).stdout):
        assert time.monotonic() < until, "the other sample does not wait in the store of the first"
        time.sleep(0.05)
