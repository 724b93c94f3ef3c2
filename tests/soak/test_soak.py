"""A minute of faults on two seeds, which together meet every kind of fault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import faults
import place
import planted

RUN = Path(__file__).with_name("run.py")
SEEDS = (1, 2)
HALF = (len(faults.ALL) + 1) // 2


def soak(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs it."""
    return subprocess.run([sys.executable, "-B", str(RUN), *arguments], capture_output=True, text=True, timeout=400, check=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_rule_holds_through_a_minute_of_faults(seed):
    why = place.why_not()
    if why is not None:
        pytest.skip(why)
    assert place.SERVER.exists(), "./build.sh makes the server first"
    ran = soak("--seconds", "60", "--seed", str(seed), "--at-least", str(HALF))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_two_seeds_meet_every_fault():
    met = {what for seed in SEEDS for what in faults.deck(seed, list(faults.ALL))[:HALF]}
    assert met == set(faults.ALL)


def test_a_fault_that_is_none_is_refused():
    ran = soak("--faults", "server killed,server bored")
    assert ran.returncode == 2
    assert "'server bored' is no fault" in ran.stderr


@pytest.mark.parametrize("bug", planted.ALL, ids=lambda bug: bug.name)
def test_every_planted_bug_still_fits(bug):
    text = (place.TOP / bug.file).read_text(encoding="utf-8")
    assert bug.apply_to(text) != text
