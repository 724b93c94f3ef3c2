"""Which moment of a race the demo shows."""
import pytest

from episode import Episode, find_episode
from race import Race
from records import AgentRecord, LeaseLog, Moment, ReaderRecord

PRIORITIES = {"agent-1": 1, "agent-2": 2, "agent-3": 3, "agent-4": 4, "reader": 9}


def grant(at, agent, note):
    return Moment(at, agent, note, "GRANT", {})


def refusal(at, agent, verdict, *in_the_way):
    conflicts = [{"agent_id": who, "note": note, "state": state} for who, note, state in in_the_way]
    return Moment(at, agent, "", verdict, {"conflicts": conflicts})


def race(*moments):
    logs = {name: LeaseLog([moment for moment in moments if moment.agent == name]) for name in PRIORITIES}
    reader = ReaderRecord(leases=logs.pop("reader"))
    return Race([AgentRecord(name, leases=log) for name, log in logs.items()], reader, 1.0)


HOLDER = ("agent-3", "edit 1", "held")
GRANT = grant(1.0, "agent-3", "edit 1")
WAIT = refusal(1.1, "agent-2", "WAIT", HOLDER)
DIE = refusal(1.2, "reader", "DIE", HOLDER)


def test_a_lease_that_made_one_wait_and_one_step_back():
    assert find_episode(race(GRANT, WAIT, DIE), PRIORITIES) == Episode(GRANT, WAIT, DIE)


def test_of_several_the_one_with_the_fewest_in_the_way():
    crowded = refusal(0.2, "agent-4", "DIE", ("agent-1", "edit 9", "waiting"), ("agent-2", "edit 0", "held"))
    earlier = [grant(0.0, "agent-2", "edit 0"), refusal(0.1, "agent-1", "WAIT", ("agent-2", "edit 0", "held")), crowded]
    assert find_episode(race(*earlier), PRIORITIES) == Episode(*earlier)
    assert find_episode(race(*earlier, GRANT, WAIT, DIE), PRIORITIES) == Episode(GRANT, WAIT, DIE)


@pytest.mark.parametrize(
    "moments",
    [
        (),
        (GRANT, WAIT),
        (GRANT, DIE),
        (grant(1.0, "agent-3", "edit 2"), WAIT, DIE),
        (grant(1.15, "agent-3", "edit 1"), WAIT, DIE),
        (GRANT, WAIT, refusal(1.2, "agent-4", "DIE", ("agent-3", "edit 1", "waiting"))),
        (GRANT, refusal(1.1, "agent-1", "WAIT", HOLDER), refusal(1.2, "agent-2", "DIE", HOLDER)),
        (GRANT, refusal(1.1, "agent-2", "WAIT_TIMEOUT", HOLDER), DIE),
    ],
    ids=["nothing", "no die", "no wait", "another lease", "before the grant", "not held yet", "die of an older one", "timed out"],
)
def test_what_is_no_such_moment(moments):
    assert find_episode(race(*moments), PRIORITIES) is None
