"""Runs the demo for real: real processes, the real library, and sabotage that it has to notice."""
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo" / "demo.py"
LIMIT_S = 120


def start(temp, **variables):
    environment = {**os.environ, "TMPDIR": str(temp), "PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.Popen(
        [sys.executable, str(DEMO)], env=environment, text=True, encoding="utf-8", start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )


def run(temp, **variables):
    process = start(temp, **variables)
    out, errors = process.communicate(timeout=LIMIT_S)
    assert errors == ""
    assert list(temp.iterdir()) == [], "the demo left something behind"
    return process.returncode, out


def row(out, name):
    """The two columns of a row of the table."""
    [line] = [line for line in out.splitlines() if line.strip().startswith(name)]
    return re.split(r"\s{2,}", line.strip())[1:]


def told(out, verdict):
    """Who got a verdict in the recorded moment, with its priority, and the whole text."""
    found = re.search(rf"ms  {verdict} +(agent-\d|reader) \(priority (\d)\): ((?:.+\n)(?: {{10,}}.+\n)*)", out)
    assert found, f"no {verdict} in the recorded moment:\n{out}"
    return found[1], int(found[2]), " ".join(found[3].split())


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    return run(tmp_path_factory.mktemp("honest"))


def test_edits_vanish_without_klock_and_none_with_it(honest):
    code, out = honest
    assert code == 0, out
    without, with_klock = [int(n) for n in re.findall(r"(\d+) of 200 edits survived", out)]
    assert 0 < without < 200
    assert with_klock == 200
    assert out.count("Agents saw 0 errors.") == 2
    assert row(out, "edits lost") == [f"{200 - without} of 200", "0 of 200"]
    assert out.splitlines()[-1] == f"Klock kept all 200 edits. Without it {200 - without} were lost, and nobody was told."


def test_the_leases_did_it(honest):
    out = honest[1]
    assert row(out, "leases granted") == ["-", "200"]
    assert int(row(out, "refused, being older")[1]) > 0
    assert int(row(out, "refused, being younger")[1]) > 0
    torn, reads = row(out, "torn reads, by the reader")[1].split(" of ")
    assert int(torn) == 0 and int(reads) > 0
    refused = sum(int(row(out, f"refused, being {age}")[1]) for age in ("older", "younger"))
    assert refused <= 200, "nobody asks twice for one lease without waiting"
    p50, p95 = (int(row(out, f"time to get a lease, {p}")[1].split()[0]) for p in ("p50", "p95"))
    assert 0 <= p50 <= p95


def test_the_recorded_moment_follows_wait_die(honest):
    holder, priority, granted = told(honest[1], "GRANT")
    assert re.search(r"MUTATES on FILE:\S*csv\.py, fencing token \d+$", granted)
    _, older, why_wait = told(honest[1], "WAIT")
    _, younger, why_die = told(honest[1], "DIE")
    assert older < priority < younger
    for why in (why_wait, why_die):
        # Klock names the oldest in the way, and that may be one who waits already.
        assert f"held by {holder}" in why or re.search(r"waited for by agent-\d .* more (is|are) in the way", why)


def test_a_pipe_gets_plain_lines(honest):
    assert "\x1b" not in honest[1] and "\r" not in honest[1]


def test_it_fails_if_the_agents_skip_the_lease(tmp_path):
    code, out = run(tmp_path, KLOCK_DEMO_SABOTAGE="skip")
    assert code == 1
    assert re.search(r"^FAILED: With Klock \d+ of 200 edits were lost\.$", out, re.MULTILINE)
    assert "Klock kept" not in out


def test_it_fails_if_nothing_is_lost_without_klock(tmp_path):
    code, out = run(tmp_path, KLOCK_DEMO_SABOTAGE="both")
    assert code == 1
    assert out.splitlines()[-1] == "FAILED: Without Klock no edit was lost, so this run shows nothing."


def test_a_missing_library_is_said_at_once(tmp_path):
    code, out = run(tmp_path, KLOCK_LIBRARY=str(tmp_path / "none.so"))
    assert code == 1
    assert out.startswith("FAILED: ") and "none.so" in out and len(out.splitlines()) == 1


@pytest.mark.parametrize("number, code, last", [(signal.SIGINT, 130, "Stopped."), (signal.SIGTERM, 143, None)])
def test_a_signal_ends_it_cleanly(tmp_path, number, code, last):
    # A script's background jobs ignore SIGINT, and so would the demo that is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = start(tmp_path)
    try:
        for line in process.stdout:
            if line.startswith("2. With Klock"):
                break
        time.sleep(0.7)  # Into the race, or into its start on a slow machine: it has to be clean in both.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        out, errors = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
    assert process.returncode == code
    assert errors == ""
    if last:
        assert out.splitlines()[-1] == last
    assert list(tmp_path.iterdir()) == []
    assert_group_is_gone(process.pid)


def assert_group_is_gone(group):
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("processes of the demo are still alive")
