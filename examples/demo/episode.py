"""Picks one telling moment out of the recorded race: a lease that made one agent wait and another one step back."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, List, Mapping, Optional

from race import Race
from records import Moment


@dataclass(frozen=True)
class Episode:
    """A grant, and the first WAIT and the first DIE that it led to."""

    grant: Moment
    wait: Moment
    die: Moment


def find_episode(race: Race, priorities: Mapping[str, int]) -> Optional[Episode]:
    """The simplest such moment of the race, that is with the fewest in the way, or None if there was none."""
    logs = [*(agent.leases for agent in race.agents), race.reader.leases]
    moments = sorted((moment for log in logs for moment in log.moments), key=lambda moment: moment.at)
    episodes = sorted(_episodes(moments, priorities), key=_how_many_in_the_way)
    return episodes[0] if episodes else None


def _episodes(moments: List[Moment], priorities: Mapping[str, int]) -> Iterator[Episode]:
    for grant in (moment for moment in moments if moment.verdict == "GRANT"):
        named = [moment for moment in moments if _names(moment, grant)]
        wait = next((moment for moment in named if moment.verdict == "WAIT"), None)
        # One that is older than the holder may have to step back too, for one older still who waits: another story.
        younger = (moment for moment in named if priorities[moment.agent] > priorities[grant.agent])
        die = next((moment for moment in younger if moment.verdict == "DIE"), None)
        if wait and die:
            yield Episode(grant, wait, die)


def _how_many_in_the_way(episode: Episode) -> int:
    return len(episode.wait.answer["conflicts"]) + len(episode.die.answer["conflicts"])


def _names(refusal: Moment, grant: Moment) -> bool:
    """True if the granted lease was in the way. The note tells it from the agent's other leases."""
    if refusal.at < grant.at or refusal.verdict not in ("WAIT", "DIE"):
        return False
    held = (conflict for conflict in refusal.answer["conflicts"] if conflict["state"] == "held")
    return any(conflict["agent_id"] == grant.agent and conflict["note"] == grant.note for conflict in held)
