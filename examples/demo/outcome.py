"""What a race did to the file, and whether the demo showed what it claims."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import List

from edits import Edit, parses
from race import Race


@dataclass(frozen=True)
class Outcome:
    """What one race did.

    `intact`: the file is, byte for byte, the original with every edit in place. `damage`: what became of the rest
    of the file, in one sentence; empty if nothing happened to it.
    """

    race: Race
    edits: int
    survived: int
    intact: bool
    damage: str

    @property
    def lost(self) -> int:
        return self.edits - self.survived

    @property
    def errors(self) -> List[str]:
        """Every exception that an agent saw."""
        return [error for agent in self.race.agents for error in agent.errors]

    @property
    def half_written(self) -> int:
        """How often an agent read no whole file, because another one was writing it, and read again."""
        return sum(agent.half_written for agent in self.race.agents)

    def count(self, verdict: str) -> int:
        """How many GRANT, WAIT or DIE answers the agents got."""
        return sum(moment.verdict == verdict for agent in self.race.agents for moment in agent.leases.moments)

    def lease_ms(self, percent: int) -> float:
        """A percentile of the time from an agent's first request to its grant. There must have been grants."""
        times = sorted(ms for agent in self.race.agents for ms in agent.leases.times_ms)
        return times[min(len(times) - 1, len(times) * percent // 100)]


def look_at(original: str, left: str, edits: List[Edit], race: Race) -> Outcome:
    """Compare the text that the race left behind with what it should be. The order of the edits makes no difference."""
    wanted = original
    for edit in edits:
        wanted = edit.apply(wanted)
    survived = sum(edit.count_in(left) > 0 for edit in edits)
    return Outcome(race, len(edits), survived, left == wanted, _damage(original, left))


def _damage(original: str, left: str) -> str:
    gone = sum((Counter(original.splitlines()) - Counter(left.splitlines())).values())
    if not parses(left):
        return "What is left is not valid Python any more: two agents wrote at the same moment."
    if gone:
        return f"And {gone} of the file's own lines are gone: an agent read it while another wrote."
    return ""


def complaints(without: Outcome, with_klock: Outcome) -> List[str]:
    """Every reason why this run does not show what the demo claims; empty if it does."""
    seen = with_klock.race.reader
    checks = [
        (without.lost == 0, "Without Klock no edit was lost, so this run shows nothing."),
        (bool(without.errors), f"Without Klock an agent saw an error: {_first(without.errors)}"),
        (with_klock.lost > 0, f"With Klock {with_klock.lost} of {with_klock.edits} edits were lost."),
        (bool(with_klock.errors), f"With Klock an agent saw an error: {_first(with_klock.errors)}"),
        (seen.torn > 0, f"With Klock the reader found the file torn in {seen.torn} of {seen.reads} reads."),
        (seen.reads == 0, "With Klock the reader never got to read the file."),
        (with_klock.half_written > 0, "With Klock an agent read a half-written file."),
        (with_klock.lost == 0 and not with_klock.intact, "With Klock the file is not what the edits should make of it."),
    ]
    return [sentence for failed, sentence in checks if failed]


def _first(errors: List[str]) -> str:
    return errors[0] if errors else ""
