"""The ways to ask Klock: each a program that reads requests line by line, from packages as a user installs them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path

import shapes

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
RUNNERS = HERE / "runners"
WORK = TOP / "artifacts" / "behaviour-tests"
WITHIN_S = 60
_IN_A_PATH = ("heartbeat", "release", "revoke", "change_lease", "renew_session", "end_session")

NAMES = ("c", "python", "python-http", "node", "node-http", "rest", "cli")
HTTP = ("python-http", "node-http", "rest")

_SHAPES = {
    "c": shapes.wire, "rest": shapes.rest, "cli": shapes.cli,
    "python": shapes.python, "python-http": shapes.python, "node": shapes.node, "node-http": shapes.node,
}


class Asker:
    """One program that asks, for as many cases as there are."""

    def __init__(self, surface):
        self.name = surface
        self._process = subprocess.Popen(_command(surface), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment())

    def send(self, verb, request):
        """Asks, and does not wait for the answer."""
        asked = {verb: request}
        ((verb, request),) = (shapes.camel(asked) if self.name.startswith("node") else asked).items()
        self._process.stdin.write(f"{verb} {json.dumps(request, ensure_ascii=False)}\n")
        self._process.stdin.flush()

    def receive(self):
        """The answer to what was sent, as the surface gives it."""
        ready, _, _ = select.select([self._process.stdout], [], [], WITHIN_S)
        assert ready, f"{self.name} did not answer within {WITHIN_S} s"
        line = self._process.stdout.readline()
        assert line, f"{self.name} ended with {self._process.wait()}"
        return json.loads(line)

    def ask(self, verb, request):
        self.send(verb, request)
        return self.receive()

    def shaped(self, verb, answer):
        """What this surface makes of an answer of the wire."""
        return None if answer is None else _SHAPES[self.name](verb, answer)

    def end(self):
        self._process.kill()
        self._process.communicate()


def can_say(surface, case):
    """Whether a surface has words for a case. This and the two functions below are all the rules of what one has none for."""
    steps = [step for step in case["steps"] if "ask" in step]
    if "keys" in case or surface in HTTP:
        return surface in HTTP and all(_url_can(surface, step) for step in steps)
    return surface != "cli" or all(map(_command_line_can, steps))


def _url_can(surface, step):
    # A server is not closed by its clients. A name that is part of a path is not empty, nor, for fetch, just dots.
    named = step["request"].values() if step["ask"] in _IN_A_PATH else ()
    return step["ask"] != "close" and not (surface == "rest" and "" in named) and not (surface == "node-http" and ".." in named)


def _command_line_can(step):
    # It has options in place of fields: a value that is no value of theirs is wrong usage, and is not sent ("not_cli" marks such
    # steps). A process that ends with its refusal leaves no event of it: it would cost every refusal a commit.
    if step["ask"] in ("change_lease", "evict_expired", "close") or step.get("not_cli") or "" in step["request"].values():
        return False
    if step["ask"] == "register_agent":
        return "code" not in step["answer"]
    if step["ask"] != "acquire_all":
        return True
    return len(step["request"]["intents"]) > 1 and len({intent["predicate"] for intent in step["request"]["intents"]}) == 1


def _command(surface):
    python, cli = str(WORK / "python" / "bin" / "python"), str(WORK / "python" / "bin" / "klock")
    return {
        "c": [str(WORK / "ask_c")],
        "python": [python, "-B", str(RUNNERS / "ask_python.py")],
        "node": ["node", str(WORK / "node" / "ask_node.mjs")],
        "rest": [sys.executable, "-B", str(RUNNERS / "ask_rest.py")],
        "cli": [sys.executable, "-B", str(RUNNERS / "ask_cli.py"), cli],
    }[surface.partition("-")[0]]


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(("KLOCK_", "NODE_", "PYTHON"))}
