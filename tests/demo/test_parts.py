"""The demo's parts: the edits it plans, what it complains about, and what it does when a process dies."""
import ast
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from edits import SOURCE, plan_edits
from outcome import complaints, look_at
from race import Race, RaceFailed, run_race
from records import AgentRecord, LeaseLog, Moment, ReaderRecord

AGENTS = [f"agent-{n}" for n in range(1, 9)]
DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo"


@pytest.fixture
def text():
    return SOURCE.read_text(encoding="utf-8")


@pytest.fixture
def edits(text):
    return [edit for own in plan_edits(text, AGENTS, 25) for edit in own]


def all_of(edits, text):
    for edit in edits:
        text = edit.apply(text)
    return text


def test_edits_are_distinct_valid_and_independent_of_order(text, edits):
    assert len({e.anchor for e in edits}) == len({e.comment for e in edits}) == 200
    edited = all_of(edits, text)
    assert all(e.count_in(text) == 0 and e.count_in(edited) == 1 for e in edits)
    assert len(edited.splitlines()) == len(text.splitlines()) + 200
    assert ast.dump(ast.parse(edited)) == ast.dump(ast.parse(text))
    shuffled = random.Random(1).sample(edits, len(edits))
    assert all_of(shuffled, text) == edited


def test_a_cut_file_does_not_fit_and_a_lost_place_is_no_error(text, edits):
    assert edits[0].fits(text)
    assert not edits[0].fits("") and not edits[0].fits(text[:-1])
    gone = text.replace(f"\n{edits[0].anchor}\n", "\n", 1)
    assert not edits[0].fits(gone)
    assert edits[0].count_in(edits[0].apply(gone)) == 1


def test_too_few_places_are_refused():
    with pytest.raises(ValueError, match="has 2 places to edit, and 8 are needed"):
        plan_edits("import os\na = 1\nb = 2\n", AGENTS, 1)


def outcome(text, edits, left, errors=(), half_written=0, reads=5, torn=0):
    grant = Moment(0.0, "agent-1", "", "GRANT", {})
    agent = AgentRecord("agent-1", 0.0, 1.0, half_written, list(errors), LeaseLog([grant], [1.0]))
    return look_at(text, left, edits, Race([agent], ReaderRecord(reads, torn), 1.0))


@pytest.mark.parametrize("change, sentence", [
    ({}, None),
    ({"left": "original"}, "With Klock 200 of 200 edits were lost."),
    ({"left": "extra"}, "With Klock the file is not what the edits should make of it."),
    ({"errors": ["OSError: no"]}, "With Klock an agent saw an error: OSError: no"),
    ({"half_written": 1}, "With Klock an agent read a half-written file."),
    ({"torn": 2}, "With Klock the reader found the file torn in 2 of 5 reads."),
    ({"reads": 0}, "With Klock the reader never got to read the file."),
])
def test_every_shortcoming_with_klock_is_a_complaint(text, edits, change, sentence):
    done = all_of(edits, text)
    lefts = {"original": text, "extra": done + "# not ours\n"}
    change["left"] = lefts.get(change.get("left"), done)
    said = complaints(outcome(text, edits, text), outcome(text, edits, **change))
    assert said == ([sentence] if sentence else [])


def test_a_race_without_klock_must_lose_edits_silently(text, edits):
    good = outcome(text, edits, all_of(edits, text))
    assert complaints(good, good) == ["Without Klock no edit was lost, so this run shows nothing."]
    loud = outcome(text, edits, text, errors=["OSError: no"])
    assert complaints(loud, good) == ["Without Klock an agent saw an error: OSError: no"]


def test_damage_to_the_rest_of_the_file_is_told(text, edits):
    cut = text.replace("import re\n", "", 1)
    assert outcome(text, edits, all_of(edits, text)).damage == ""
    assert outcome(text, edits, cut).damage.startswith("And 1 of the file's own lines")
    assert "not valid Python" in outcome(text, edits, text + "    x = (\n").damage


@dataclass
class Worker:
    """Stands in for an agent or the reader: acts as scripted once all have started, or before."""

    name: str
    deed: str = "work"

    def run(self, together, extra):
        if self.deed == "raise before":
            raise OSError("no library today")
        together.wait()
        if self.deed == "die":
            os._exit(3)
        return AgentRecord(self.name, 1.0, 2.5)


def test_a_race_gathers_every_record():
    race = run_race([Worker("a"), Worker("b")], Worker("reader"), lambda done: None)
    assert [record.name for record in race.agents] == ["a", "b"]
    assert race.reader.name == "reader"
    assert race.seconds == 1.5


@pytest.mark.parametrize("deed, says", [("die", "^b died$"), ("raise before", "(?s)^b stopped:.*no library today")])
def test_a_process_that_fails_fails_the_race(deed, says):
    with pytest.raises(RaceFailed, match=says):
        run_race([Worker("a"), Worker("b", deed)], Worker("reader"), lambda done: None)


@pytest.mark.parametrize("variables, coloured", [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_are_for_terminals_that_want_them(variables, coloured):
    code = "from terminal import Terminal; t = Terminal(); t.progress('half'); t.line(t.paint('text', 'red'))"
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    environment.update({"TERM": "xterm", **variables})
    ours, theirs = os.openpty()
    try:
        subprocess.run([sys.executable, "-c", code], cwd=DEMO, env=environment, stdout=theirs, check=True, timeout=60)
        out = os.read(ours, 1000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert ("\x1b[31mtext" in out) == coloured
    assert ("half" in out) == (variables.get("TERM") != "dumb")
