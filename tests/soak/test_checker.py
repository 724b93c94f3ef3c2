"""Every rule finds what breaks it, and nothing where all is well."""

from __future__ import annotations

import pytest

from made_up import SERVERS, MadeUp
from names import conflict, meet, weaker
from rules import check


@pytest.fixture(name="run")
def _run() -> MadeUp:
    return MadeUp()


def test_nothing_is_found_where_all_is_well(run):
    run.grant("1", 1.0)
    run.refuse(1.1, "a")
    run.look("1", 1.2, 200)
    run.ask("renew", 1.5, 200, lease="1")
    run.event("renewed", lease="1")
    run.release("1", 1.7)
    run.look("1", 1.8, 404)
    run.grant("2", 1.9, "b")
    run.fault(2.0, 3.0)
    for number, server in enumerate(SERVERS):
        run.grant(f"p{number}", 4.0 + number, f"p{number}", f"CUSTOM:p{number}", server=server)
    assert not run.broken()


# 1

def test_two_that_hold_one_file_are_found(run):
    run.grant("1", 1.0)
    run.end_event("1", "expired")
    run.grant("2", 1.5, "b")
    assert "1" in run.broken()


def test_a_renewal_counts_from_its_sending(run):
    run.grant("1", 1.0)
    run.event("renewed", lease="1")
    run.ask("renew", 1.9, 200, lease="1")
    run.end_event("1", "expired")
    run.grant("2", 2.8, "b")
    assert "1" in run.broken()


def test_who_has_sent_a_release_holds_nothing(run):
    run.grant("1", 1.0)
    run.release("1", 1.2)
    run.grant("2", 1.25, "b")
    assert not run.broken()


def test_a_change_to_more_is_held_from_its_answer_on(run):
    run.grant("1", 1.0, predicate="CONSUMES")
    run.grant("2", 1.1, "b", predicate="CONSUMES")
    token = run.event("changed", lease="1", predicate="MUTATES")
    run.ask("change", 1.2, 201, {"data": {"fencing_token": token}}, lease="1", predicate="MUTATES")
    assert "1" in run.broken()


def test_a_change_whose_answer_was_lost_may_have_come_to_less(run):
    run.grant("1", 1.0)
    run.event("changed", lease="1", predicate="CONSUMES")
    run.ask("change", 1.2, 0, lease="1", predicate="CONSUMES")
    run.grant("2", 1.3, "b", predicate="CONSUMES")
    assert "1" not in run.broken()


# 2

def test_a_token_that_is_given_twice_is_found(run):
    first = run.grant("1", 1.0)["answer"]["data"]["fencing_token"]
    run.grant("2", 5.0, "b", "FILE:g", token=first)
    assert "2" in run.broken()


def test_a_token_that_falls_is_found(run):
    late = run.grant_event("1", resource="FILE:g")
    run.grant("2", 1.0, "b")
    run.grant("1", 1.5, resource="FILE:g", token=late)
    assert "2" in run.broken()


def test_tokens_of_requests_at_one_time_may_be_in_any_order(run):
    late = run.grant_event("1", resource="FILE:g")
    run.grant("2", 1.0, "b")
    run.grant("1", 1.005, resource="FILE:g", token=late)
    assert not run.broken()


# 3

@pytest.mark.parametrize("status", [404, 410])
def test_a_grant_that_another_server_does_not_know_is_found(run, status):
    run.grant("1", 1.0)
    run.look("1", 1.5, status)
    assert "3" in run.broken()


def test_a_release_that_another_server_does_not_know_is_found(run):
    run.grant("1", 1.0)
    run.release("1", 1.2)
    run.look("1", 1.5, 200)
    assert "3" in run.broken()


def test_a_lease_may_be_gone_when_its_time_is_up_or_its_release_was_sent(run):
    run.grant("1", 1.0)
    run.look("1", 2.0, 410)
    run.release("1", 2.5)
    run.look("1", 2.505, 404)
    assert not run.broken()


# 4

@pytest.mark.parametrize("verb", ["renew", "change", "release"])
@pytest.mark.parametrize("status", [404, 410])
def test_an_answer_that_a_lease_is_over_too_early_is_found(run, verb, status):
    run.grant("1", 1.0)
    run.end_event("1", "expired")
    run.ask(verb, 1.5, status, lease="1", predicate="MUTATES")
    assert "4" in run.broken()


def test_a_release_whose_first_answer_was_lost_may_find_nothing(run):
    run.grant("1", 1.0)
    run.end_event("1")
    run.ask("release", 1.2, 404, lease="1", tries=2)
    assert not run.broken()


def test_a_lease_of_a_lost_client_that_expires_too_early_is_found(run):
    run.grant("1", 1.0, ttl=5_000)
    run.end_event("1", "expired")
    assert "4" in run.broken(read_at=5.9)
    assert not run.broken(read_at=6.1)


# 5

def test_a_gap_in_the_journal_is_found(run):
    run.grant("1", 1.0)
    run.event("registered", sequence=run.next + 1)
    assert "5" in run.broken()


def test_a_journal_without_its_beginning_is_found(run):
    run.events[0] = {"sequence": 1, "kind": "registered"}
    assert "5" in run.broken()


def test_a_batch_that_does_not_follow_the_one_before_is_found(run):
    history = run.history()
    history.batches.append({"id": "k2/1", "after": 0, "before": "k1/0", "events": [{"sequence": 2, "kind": "registered"}]})
    assert check(history)["5 the journal is right"] == ["a batch after 0 begins with 2"]


def test_a_grant_that_the_journal_has_not_is_found(run):
    run.grant("1", 1.0, token=77)
    assert "5" in run.broken()


def test_a_grant_that_the_journal_has_otherwise_is_found(run):
    run.grant_event("1", predicate="CONSUMES")
    run.grant("1", 1.0, token=2)
    assert "5" in run.broken()


def test_a_release_that_the_journal_has_not_is_found(run):
    run.grant("1", 1.0)
    run.ask("release", 1.2, 200, lease="1")
    assert "5" in run.broken()


def test_an_end_of_a_session_ends_all_its_leases(run):
    run.grant("1", 1.0)
    run.grant("2", 1.0, resource="FILE:g")
    run.end_event("1")
    run.ask("end", 1.2, 200)
    assert len(run.broken()["5"]) == 1
    run.end_event("2")
    assert not run.broken()


def end_of_a_session(run, tries):
    run.grant("1", 10)
    run.end_event("1", "expired")
    run.ask("end", 20, 200, {"data": {"released": 0}}, session="s", tries=tries)
    return run.broken()


def test_an_end_of_a_session_that_ended_nothing_is_found(run):
    assert "5" in end_of_a_session(run, tries=1)


def test_an_end_of_a_session_that_was_asked_for_again_may_find_nothing(run):
    assert not end_of_a_session(run, tries=2)


def test_a_change_that_the_journal_has_not_is_found(run):
    run.grant("1", 1.0)
    run.ask("change", 1.2, 201, {"data": {"fencing_token": 55}}, lease="1", predicate="CONSUMES")
    assert "5" in run.broken()


def test_a_conflict_in_the_journal_is_found(run):
    run.grant_event("1")
    run.grant_event("2", "b")
    assert "5" in run.broken()


def test_a_change_to_a_conflict_in_the_journal_is_found(run):
    run.grant_event("1", predicate="CONSUMES")
    run.grant_event("2", "b", predicate="CONSUMES")
    run.event("changed", lease="2", predicate="MUTATES")
    assert "5" in run.broken()


@pytest.mark.parametrize("kind", ["renewed", "released", "expired", "changed"])
def test_an_event_of_a_lease_that_is_over_is_found(run, kind):
    run.grant_event("1")
    run.end_event("1")
    run.event(kind, lease="1", predicate="MUTATES")
    assert "5" in run.broken()


def wait(run, name, agent, lease, kind="queued", **fields):
    run.event(kind, agent=agent, session="s", request=f"r-{agent}",
              wait={"id": name, "wanted": [[lease, "FILE:f", "MUTATES"]], "joined": False, **fields})


def test_a_grant_past_the_queue_is_found(run):
    run.grant_event("1")
    wait(run, "w", "b", "2")
    run.end_event("1")
    run.grant_event("3", "c")
    assert "5" in run.broken()


def test_a_grant_to_the_first_of_the_queue_is_right(run):
    run.grant_event("1")
    wait(run, "w", "b", "2")
    wait(run, "v", "c", "3")
    wait(run, "x", "b", "4", joined=True)
    run.end_event("1")
    run.event("wait ended", wait={"id": "w"})
    run.event("wait ended", wait={"id": "x"})
    run.grant_event("2", "b")
    assert not run.broken()


def test_a_grant_to_the_second_of_the_queue_is_found(run):
    run.grant_event("1")
    wait(run, "w", "b", "2")
    wait(run, "v", "c", "3")
    run.end_event("1")
    run.event("wait ended", wait={"id": "v"})
    run.grant_event("3", "c")
    assert "5" in run.broken()


def test_whoever_waits_behind_a_session_is_passed_by_it(run):
    run.grant_event("1")
    wait(run, "w", "b", "2")
    run.grant_event("3", resource="FILE:f", predicate="CONSUMES")
    wait(run, "v", "c", "4")
    run.end_event("1")
    run.end_event("3")
    run.grant_event("5", "b", predicate="CONSUMES")
    assert not run.broken()


def test_whoever_is_parked_is_passed(run):
    run.grant_event("1")
    wait(run, "w", "b", "2", kind="parked")
    run.end_event("1")
    run.grant_event("3", "c")
    assert not run.broken()


@pytest.mark.parametrize("times", [1, 2])
def test_a_request_without_an_id_is_granted_once(run, times):
    run.ask("acquire", 1.0, 0, wanted=[["FILE:f", "CONSUMES"]], once=True)
    for lease in range(times):
        run.grant_event(str(lease), predicate="CONSUMES")
    assert bool(run.broken()) == (times > 1)


def test_a_request_that_is_granted_twice_is_found(run):
    run.grant_event("1", request="r", predicate="CONSUMES")
    run.grant_event("2", request="r", predicate="CONSUMES")
    assert "5" in run.broken()


def test_a_server_that_ends_otherwise_is_found(run):
    run.grant("1", 1.0)
    run.ended = {"k1": [], "k2": [], "k3": []}
    assert len(run.broken()["5"]) == len(SERVERS)


def test_a_server_that_has_no_list_at_the_end_is_found(run):
    run.ended = {"k1": [], "k2": "timed out", "k3": []}
    assert len(run.broken()["5"]) == 1


# 6

def test_a_refusal_because_of_nobody_is_found(run):
    run.refuse(1.0, "a")
    assert "6" in run.broken()


def test_a_refusal_because_of_what_was_over_is_found(run):
    run.grant("1", 1.0)
    run.release("1", 1.2)
    run.grant("2", 1.3, "c", "FILE:g")
    run.refuse(1.5, "a")
    assert "6" in run.broken()


def test_a_refusal_because_of_what_came_later_is_found(run):
    run.refuse(1.0, "a")
    run.grant("2", 1.3, "c", "FILE:g")
    run.grant("1", 1.5)
    assert "6" in run.broken()


def test_a_refusal_because_of_two_that_were_never_there_at_once_is_found(run):
    run.grant("1", 1.0)
    refused = run.refuse(1.1, "a", answered=9.0)
    run.release("1", 1.2)
    run.grant("2", 1.3, "c")
    named = refused["answer"]["conflicts"]
    named.append({**named[0], "agent_id": "c"})
    assert "6" in run.broken()
    del named[1]
    assert not run.broken()


def test_a_refusal_because_of_what_is_not_in_the_way_is_found(run):
    run.grant("1", 1.0, resource="FILE:g")
    refused = run.refuse(1.1, "a")
    refused["answer"]["conflicts"][0]["resource"] = "FILE:g"
    assert "6" in run.broken()


def test_a_refusal_because_of_the_queue_is_right_and_because_of_the_parked_is_found(run):
    run.grant_event("1", "c")
    wait(run, "w", "a", "2")
    run.refuse(1.0, "a", state="waiting")
    assert not run.broken()
    run.events[-1]["kind"] = "parked"
    assert "6" in run.broken()


def test_a_refusal_without_a_reason_is_found_but_for_a_wait_that_was_over(run):
    refused = run.refuse(1.0, "a")
    refused["answer"] = {"reason": "DIE", "conflicts": []}
    assert "6" in run.broken()
    refused["wait"] = 300
    assert not run.broken()


# 7

def test_a_server_that_grants_nothing_after_a_fault_is_found(run):
    run.fault(1.0, 2.0)
    for number, server in enumerate(SERVERS):
        run.grant(f"p{number}", 4.0 + 4.1 * number, f"p{number}", f"CUSTOM:p{number}", server=server)
    assert list(run.broken()) == ["7"]


# What rules are made of.

@pytest.mark.parametrize("one, other, do", [
    ("FILE:a", "FILE:a", True), ("FILE:a", "FILE:a/b", False), ("FILE:a/**", "FILE:a/b", True), ("FILE:a/**", "FILE:ab", False),
    ("FILE:a/**", "FILE:a/b/**", True), ("FILE:a/b", "SYMBOL:a/b#x", True), ("FILE:a/**", "SYMBOL:a/b#x", True),
    ("SYMBOL:a/b#x", "SYMBOL:a/b#y", False), ("FILE:a", "CUSTOM:a", False), ("FILE:a", "SYMBOL:a", False),
])
def test_which_resources_meet(one, other, do):
    assert meet(one, other) == do and meet(other, one) == do


@pytest.mark.parametrize("one, other, do", [
    ("CONSUMES", "DEPENDS_ON", False), ("PROVIDES", "CONSUMES", False), ("PROVIDES", "PROVIDES", True), ("MUTATES", "CONSUMES", True),
    ("RENAMES", "DELETES", True),
])
def test_which_predicates_conflict(one, other, do):
    assert conflict(one, other) == do and conflict(other, one) == do


def test_which_is_weaker():
    assert weaker("MUTATES", "PROVIDES") == "PROVIDES" and weaker("PROVIDES", "CONSUMES") == "CONSUMES"
