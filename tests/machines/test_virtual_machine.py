"""What was built for linux-arm64 runs on an arm64 processor, an emulated one, under a Linux kernel for it."""

from __future__ import annotations

import json


def _answers(output):
    """The JSON objects that lines of the output are."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_klock_says_its_version(ran, version):
    assert ran["version"] == (f"klock {version}\n", 0)


def test_a_server_grants_one_and_refuses_another(ran):
    output, code = ran["serve_acquire_conflict"]
    assert code == 0, output
    # /health has no line end, so the grant stands on the same line.
    refused = next(answer for answer in _answers(output.replace("}{", "}\n{")) if not answer["success"])
    granted = [answer for answer in _answers(output.replace("}{", "}\n{")) if "lease_id" in answer.get("data", {})]
    assert [lease["data"]["agent_id"] for lease in granted] == ["ann"]
    assert (refused["reason"], refused["conflicts"][0]["agent_id"]) == ("DIE", "ann")
    assert "refused with 11\nended with 0\n" in output
    assert "<title>Klock</title>" in output, "the page is not in the program"


def test_a_server_listens_on_a_socket(ran):
    output, code = ran["serve_on_a_socket"]
    assert code == 0, output
    assert [answer["data"]["agent_id"] for answer in _answers(output)] == ["ann"]
    assert output.endswith("ended with 0\n")


def test_what_root_makes_in_a_users_folder_is_that_users(ran):
    output, code = ran["root_in_a_users_folder"]
    assert code == 0, output
    assert output.endswith("1000:1000 users/a.db\n1000:1000 users/klock.sock\n")


def test_two_processes_meet_in_a_file(ran):
    output, code = ran["two_processes_on_sqlite"]
    assert code == 0, output
    granted, refused, leases = _answers(output)
    assert (refused["reason"], refused["conflicts"][0]["agent_id"]) == ("DIE", "ann")
    assert [lease["id"] for lease in leases["data"]] == [granted["data"]["lease_id"]]


def test_a_command_runs_under_a_lease(ran):
    output, _ = ran["run_a_command"]
    (leases,) = _answers(output)
    assert [lease["resource"] for lease in leases["data"]] == ["FILE:/tmp/held.c"]
    assert output.endswith("passed on 7\n")


def test_a_c_program_uses_the_library(ran, version):
    assert ran["use_library"] == (f"libklock {version}, ABI 1\n", 0)
