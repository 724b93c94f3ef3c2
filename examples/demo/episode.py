"""Picks one telling moment out of the recorded race: a lease that made one agent wait and another one step back."""
from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional

from race import Race
from records import Moment


@dataclass(frozen=True)
class Episode:
    """A grant, and the first WAIT and the first DIE that it led to."""

    grant: Moment
    wait: Moment
    die: Moment


def find_episode(race: Race) -> Optional[Episode]:
    """The first such moment of the race, or None if there was none."""
    moments = sorted((m for agent in race.agents for m in agent.leases.moments), key=lambda m: m.at)
    for grant in (m for m in moments if m.verdict == "GRANT"):
        wait = _first_refused(moments, "WAIT", grant)
        die = _first_refused(moments, "DIE", grant)
        if wait and die:
            return Episode(grant, wait, die)
    return None


def _first_refused(moments: List[Moment], verdict: str, grant: Moment) -> Optional[Moment]:
    """The first refusal after `grant` that names the granted lease. The note tells it apart: no two are the same."""
    for moment in moments:
        if moment.verdict == verdict and moment.at > grant.at:
            if any(c["agent_id"] == grant.agent and c.get("note") == grant.note for c in moment.answer["conflicts"]):
                return moment
    return None
