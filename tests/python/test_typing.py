"""mypy --strict: on the sources, and on programs that use the installed package."""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def mypy(tmp_path, *arguments):
    # Debian's mypy runs on the system's Python and looks up klock in the venv, where py.typed makes it see the types.
    command = ["/usr/bin/python3", "-m", "mypy", "--strict", "--python-version", "3.9", "--show-error-codes"]
    command += ["--cache-dir", str(tmp_path), "--python-executable", sys.executable, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300, check=False)
    assert "No module named mypy" not in result.stderr, "apt-get install mypy"
    return result


def test_the_sources(tmp_path, top):
    sources = top / "bindings" / "python"
    result = mypy(tmp_path, *sorted((sources / "src").glob("klock*/*.py")))
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_tools(tmp_path, top):
    tools = [top / "bindings" / "python" / name for name in ("build_wheel.py", "glibc_tag.py")]
    helpers = [HERE / name for name in ("run.py", "fork_scenario.py", "servers.py", "workers.py", "waits.py", "waiter.py")]
    result = mypy(tmp_path, *tools, *helpers)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_typed_program(tmp_path):
    result = mypy(tmp_path, HERE / "typing_sample.py")
    assert result.returncode == 0, result.stdout + result.stderr


def test_mistakes_are_found(tmp_path):
    file = HERE / "typing_mistakes.py"
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = {(number, found[1]) for number, line in enumerate(lines, 1) if (found := re.search(r"# mistake: (.+)$", line))}
    output = mypy(tmp_path, file).stdout
    reported = {(int(number), code) for number, code in re.findall(r":(\d+): error: .*\[(.+)\]", output)}
    assert reported == expected, output
