"""Errors: what they are, what they show, and that they survive the way to another process."""

import copy
import pickle

import pytest

import klock
from klock import (
    KlockArgumentError,
    KlockConflictError,
    KlockError,
    KlockLeaseLostError,
    KlockTimeoutError,
    KlockWaitTimeoutError,
)

CONFLICT = {"agent_id": "holder", "session_id": "s", "resource": "FILE:/a", "predicate": "MUTATES", "state": "held", "note": None}
ERRORS = [
    KlockError("CLOSED", "It is closed."),
    KlockError("INVALID_REQUEST", "ttl is wrong."),
    KlockError(code="PAYLOAD_TOO_LARGE", message="It is large."),
    KlockTimeoutError("STORAGE_UNAVAILABLE", "It took too long."),
    KlockConflictError("a", "/a", "DIE"),
    KlockConflictError("a", "/a", "WAIT", 5, "Not free.", [CONFLICT]),
    KlockWaitTimeoutError("a", "/a", "WAIT", 5, "Not free.", [CONFLICT]),
    KlockLeaseLostError("EXPIRED", "It is over."),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_copy_is_the_same(error):
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is type(error) and vars(other) == vars(error)
        assert (str(other), repr(other), other.args) == (str(error), repr(error), error.args)


def test_what_each_of_them_is():
    for error in ERRORS:
        assert isinstance(error, RuntimeError) and isinstance(error, KlockError)
        assert isinstance(error, ValueError) == (error.code in ("INVALID_REQUEST", "PAYLOAD_TOO_LARGE"))
        assert isinstance(error, TimeoutError) == isinstance(error, KlockTimeoutError)
    assert isinstance(ERRORS[1], KlockArgumentError) and isinstance(ERRORS[-2], (KlockConflictError, TimeoutError))


def test_a_wrong_argument_is_a_value_error_wherever_it_comes_from(client):
    for call in (
        lambda: client.acquire_lease("", "s", "FILE", "/a", "MUTATES", 1_000),
        lambda: client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 1_000, wait_ms=None),
        lambda: client.acquire_all("a", "s", [], 1_000, wait_ms=None),
        lambda: client.change_lease("0" * 32, "CONSUMES", wait_ms=None),
        lambda: client.events(after=None),
        lambda: client.events(limit=None),
        lambda: client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 1_000, note=object()),
        lambda: client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 1_000, note="x" * 2_000_000),
        lambda: klock.Klock(client).file("*.py"),
        lambda: klock.Klock("memory"),
        lambda: klock.Klock(client, agent_id=5),
        lambda: klock.Klock(client, session_id=""),
        lambda: klock.KlockClient(None),
        lambda: klock.KlockClient(storage=5),
        lambda: klock.KlockClient(bind_to_process=None),
        lambda: klock.AsyncKlock(None),
        lambda: klock.KlockHttpClient(""),
        lambda: klock.canonical_path("a", cwd=5),
    ):
        with pytest.raises(ValueError) as caught:
            call()
        assert isinstance(caught.value, KlockError)


def test_what_they_show():
    assert repr(ERRORS[0]) == "KlockError(code='CLOSED', message='It is closed.')"
    assert repr(ERRORS[5]) == "KlockConflictError(agent_id='a', resource_path='/a', reason='WAIT', held_by=['holder'])"
    assert str(ERRORS[4]) == "DIE: a did not get /a." and ERRORS[4].wait_time_ms is None and ERRORS[4].conflicts == []


def test_what_clients_show(server):
    with klock.KlockHttpClient(server, api_key="secret") as client:
        assert repr(client) == f"KlockHttpClient({server!r})"
    assert repr(client) == f"KlockHttpClient({server!r}, closed)"
    with klock.KlockClient() as client:
        assert repr(client) == "KlockClient('memory')" and repr(klock.AsyncKlock(client)) == "AsyncKlock(KlockClient('memory'))"
        assert repr(klock.Klock(client, "a", "s").aio) == "<AsyncAgent of <Klock 'a' in session 's' on KlockClient('memory')>>"
    assert repr(client) == "KlockClient('memory', closed)"
