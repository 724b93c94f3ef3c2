"""The examples run, as they are, against the installed package."""

import re
import subprocess
import sys


def run(top, name):
    ran = subprocess.run(
        [sys.executable, "-B", str(top / "examples" / "python" / name)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def test_lost_update(top):
    without, with_klock = map(int, re.findall(r": +(\d+) of 80 edits are there", run(top, "lost_update.py")))
    assert without < 80
    assert with_klock == 80


def test_wait_die(top):
    page = (top / "docs" / "examples.md").read_text(encoding="utf-8")
    assert f"```\n{run(top, 'wait_die.py')}```\n" in page


def test_protected_tool(top):
    lines = run(top, "protected_tool.py").splitlines()
    assert lines[0] == "4 of 4 lines are there"
    assert re.fullmatch("tester gives way: (WAIT|DIE)", lines[1])


def test_agent_loop(top):
    lines = run(top, "agent_loop.py").splitlines()
    assert lines[-1] == "every rename is in both files"
    assert sum(line.startswith("agent-") and "phase_" in line for line in lines) == 6
