"""One behaviour: every case of cases.json, through every way of asking that has words for it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time

import pytest

from matching import Matching
from surfaces import HERE, HTTP, NAMES, WITHIN_S, WORK, Asker, can_say


def repeated(value):
    """``{"repeat": "x", "times": 3}`` is "xxx", so that a text of 4,096 bytes can be read."""
    return value["repeat"] * value["times"] if "repeat" in value else value


CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"), object_hook=repeated)
CODES = {
    "INVALID_REQUEST", "UNKNOWN_LEASE", "EXPIRED", "AGENT_BUSY", "UNAUTHORIZED", "FORBIDDEN", "PAYLOAD_TOO_LARGE", "STORAGE_UNAVAILABLE",
    "CLOSED",
}
READY = "klock listening on "


@contextlib.contextmanager
def server(storage, keys, folder):
    """A server for one case; yields its address."""
    command = [str(WORK / "python" / "bin" / "klock-server"), "--port", "0", "--storage", storage, "--log-level", "error"]
    if keys:
        (folder / "keys").write_text("\n".join(keys))
        (folder / "keys").chmod(0o600)
        command += ["--api-key-file", str(folder / "keys")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith(READY), line
        yield line[len(READY) :].strip()
    finally:
        process.terminate()
        process.communicate(timeout=WITHIN_S)


class Play:
    """One case on one surface."""

    def __init__(self, askers, surface, case, place, folder):
        self._clients = {}
        self._askers, self._surface, self._case, self._place, self._folder = askers, surface, case, place, folder
        self._matching = Matching()

    def run(self):
        for number, step in enumerate(self._case["steps"], 1):
            problem = self._do(step)
            assert problem is None, f"step {number}: {problem}"
        for client in self._clients.values():
            if self._surface not in ("cli", "rest"):
                client.ask("close", {})

    def abandon(self):
        """It failed: its programs may be amid a question."""
        for name, client in self._clients.items():
            client.end()
            del self._askers[self._surface, name]

    def _client(self, step):
        name = step.get("by", "first")
        if name not in self._clients:
            if (self._surface, name) not in self._askers:
                self._askers[self._surface, name] = Asker(self._surface)
            self._clients[name] = self._askers[self._surface, name]
            key = {"key": step["key"]} if "key" in step else {}
            assert self._clients[name].ask("open", {**self._place, **key}) is None
        return self._clients[name]

    def _do(self, step):
        if "pause_ms" in step:
            return time.sleep(step["pause_ms"] / 1_000)
        if step.get("do") == "replace the store":
            for file in self._folder.glob("klock.db*"):
                file.unlink()
            (self._folder / "klock.db").write_text("no database, and longer than a header of one\n" * 50)
            return None
        if "until" in step:
            return self._wait_until(self._client(step), step["until"])
        client = self._client(step)
        if "ask" in step:
            client.send(step["ask"], self._matching.filled(step["request"]))
        verb = step.get("ask", step.get("answered"))
        if "answer" not in step:
            return None
        got = client.receive()
        if verb == "events" and self._surface == "cli":
            # It works on a file, whose history begins with the file's own making.
            got[1]["data"] = [event for event in got[1]["data"] if event["kind"] != "CREATED"] if "data" in got[1] else None
        return self._matching.difference(client.shaped(verb, step["answer"]), got)

    def _wait_until(self, client, wanted):
        end = time.monotonic() + WITHIN_S
        while time.monotonic() < end:
            told = json.dumps(client.ask("events", {"after": 0, "limit": 1_000}))
            if f'"{wanted}"' in told:
                return None
            time.sleep(0.01)
        return f"no {wanted} within {WITHIN_S} s"


def plays():
    return [
        pytest.param(surface, case, id=f"{case['name']}, {surface}") for case in CASES for surface in NAMES if can_say(surface, case)
    ]


@pytest.mark.parametrize("surface, case", plays())
def test_the_answers(askers, tmp_path, surface, case):
    clients = {step.get("by", "first") for step in case["steps"]}
    in_a_file = surface == "cli" or len(clients) > 1 or case.get("store") == "file"
    storage = f"sqlite:{tmp_path / 'klock.db'}?synchronous=normal" if in_a_file else "memory"
    with contextlib.ExitStack() as stack:
        place = {"storage": storage}
        if surface in HTTP:
            place = {"url": stack.enter_context(server(storage, case.get("keys"), tmp_path))}
        play = Play(askers, surface, case, place, tmp_path)
        try:
            play.run()
        except BaseException:
            play.abandon()
            raise


def test_every_case_is_asked_in_every_language_that_can():
    for case in CASES:
        surfaces = [surface for surface in NAMES if can_say(surface, case)]
        assert len(surfaces) >= 3, f"{case['name']} is asked through {surfaces} alone"
    assert sum(can_say("cli", case) for case in CASES) >= len(CASES) // 3


def test_every_code_and_verdict_has_a_case():
    answers = [step["answer"] for case in CASES for step in case["steps"] if step.get("answer")]
    met = {answer.get(part) for answer in answers for part in ("code", "reason", "status")}
    assert met >= CODES | {"WAIT", "DIE", "WAIT_TIMEOUT", "Granted", "Wait", "Die"}
