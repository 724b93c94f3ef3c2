"""The demo's pages: what each race did to the file, the numbers side by side, and one moment told by Klock itself."""
from __future__ import annotations

import textwrap
from typing import Callable, Dict, List, Tuple

from episode import Episode
from outcome import Outcome
from records import Moment
from terminal import Terminal

_STYLES = {"GRANT": "green", "WAIT": "yellow", "DIE": "red"}
_WIDTH = 80
_INDENT = 21


def show_outcome(terminal: Terminal, outcome: Outcome) -> None:
    """How many edits are in the file, and what the agents knew about it."""
    style = "red" if outcome.lost else "green"
    bar = terminal.bar(outcome.survived, outcome.edits, style)
    kept = terminal.paint(f"{outcome.survived} of {outcome.edits} edits survived", style)
    terminal.line(f"   {bar}  {kept}, {outcome.lost} lost. Agents saw {len(outcome.errors)} errors.")
    if outcome.lost:
        terminal.line("   A reads, B reads, A writes, B writes: what A did is gone, and nobody is told.")
    if outcome.damage:
        terminal.line(f"   {outcome.damage}")
    if outcome.intact:
        terminal.line("   The file is, byte for byte, what the edits make of it one after another.")


def show_numbers(terminal: Terminal, without: Outcome, with_klock: Outcome) -> None:
    """Both races side by side."""
    terminal.line(terminal.paint(f"   {'':38}{'without Klock':>18}{'with Klock':>18}", "bold"))
    for name, left, right in _rows(without, with_klock):
        terminal.line(f"   {name:38}{left:>18}{right:>18}")


def _rows(without: Outcome, with_klock: Outcome) -> List[Tuple[str, str, str]]:
    granted = with_klock.count("GRANT") > 0
    p50, p95 = [f"{with_klock.lease_ms(percent):.0f} ms" if granted else "-" for percent in (50, 95)]

    def both(name: str, tell: Callable[[Outcome], str]) -> Tuple[str, str, str]:
        return name, tell(without), tell(with_klock)

    return [
        both("edits lost", lambda o: f"{o.lost} of {o.edits}"),
        both("torn reads, by the reader", lambda o: f"{o.race.reader.torn} of {o.race.reader.reads}"),
        both("torn reads, by the agents (read again)", lambda o: str(o.half_written)),
        ("leases granted", "-", str(with_klock.count("GRANT"))),
        ("refused, being older: WAIT", "-", str(with_klock.count("WAIT"))),
        ("refused, being younger: DIE", "-", str(with_klock.count("DIE"))),
        ("time to get a lease, p50", "-", p50),
        ("time to get a lease, p95", "-", p95),
        both("total time", lambda o: f"{o.race.seconds:.2f} s"),
    ]


def show_episode(terminal: Terminal, episode: Episode, priorities: Dict[str, int], folder: str) -> None:
    """One grant and whom it made wait or step back, in Klock's own words; `folder` is left out of paths."""
    granted = episode.grant.answer
    texts = [
        (episode.grant, f"holds {granted['predicate']} on {granted['resource']}, fencing token {granted['fencing_token']}"),
        (episode.wait, episode.wait.answer["message"]),
        (episode.die, episode.die.answer["message"]),
    ]
    for moment, text in sorted(texts, key=lambda pair: pair[0].at):
        at = f"+{(moment.at - episode.grant.at) * 1000:5.1f} ms"
        verdict = terminal.paint(f"{moment.verdict:5}", _STYLES[moment.verdict])
        who = f"{moment.agent} (priority {priorities[moment.agent]})"
        lines = textwrap.wrap(f"{who}: {text.replace(folder, '...')}", _WIDTH - _INDENT, break_on_hyphens=False)
        terminal.line(f"   {at}  {verdict}  {lines[0]}")
        for line in lines[1:]:
            terminal.line(" " * _INDENT + line)
