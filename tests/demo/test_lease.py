"""How the demo gets a lease and what it records: real answers of a real store, and no polling."""
import threading

import pytest

import lease
from klock import KlockClient
from lease import NoLease, get_lease
from records import LeaseLog

AGES = {"old": 1, "holder": 5, "young": 9}


@pytest.fixture
def klock():
    with KlockClient() as client:
        for name, priority in AGES.items():
            client.register_agent(name, priority)
        yield client


def verdicts(log):
    return [moment.verdict for moment in log.moments]


def test_what_is_free_is_granted_at_the_first_try(klock):
    log = LeaseLog()
    granted = get_lease(klock, "old", "/a", "MUTATES", "why", log)
    assert granted["success"] and [moment.answer for moment in log.moments] == [granted]
    assert verdicts(log) == ["GRANT"] and len(log.times_ms) == 1


@pytest.mark.parametrize("who, verdict, kind", [("old", "WAIT", "QUEUED"), ("young", "DIE", "PARKED")])
def test_what_is_held_is_waited_for(klock, who, verdict, kind):
    held = get_lease(klock, "holder", "/a", "MUTATES", "first", LeaseLog())
    log = LeaseLog()
    thread = threading.Thread(target=get_lease, args=(klock, who, "/a", "MUTATES", "next", log), daemon=True)
    thread.start()
    while klock.events(limit=1_000)[-1]["kind"] != kind:
        thread.join(0.002)
        assert thread.is_alive()
    klock.release_lease(held["lease_id"])
    thread.join(60)
    assert verdicts(log) == [verdict, "GRANT"] and len(log.times_ms) == 1
    told = [event["kind"] for event in klock.events(limit=1_000) if event["agent_id"] == who]
    assert told[:3] == ["REGISTERED", "REFUSED", kind] and sorted(told[3:]) == ["GRANTED", "WAIT_ENDED"]


def test_what_never_comes_is_an_error(klock, monkeypatch):
    monkeypatch.setattr(lease, "WAIT_MS", 50)
    get_lease(klock, "holder", "/a", "MUTATES", "first", LeaseLog())
    log = LeaseLog()
    with pytest.raises(NoLease, match="held by holder"):
        get_lease(klock, "old", "/a", "MUTATES", "next", log)
    assert verdicts(log) == ["WAIT", "WAIT_TIMEOUT"] and log.times_ms == []
