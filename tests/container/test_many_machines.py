"""deploy/many-machines, as three machines run it: each is an address of the loopback, with a real etcd and a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from typing import Dict, List

import pytest
import yaml

from documents import blocks
from engine import TOP

FILE = TOP / "deploy" / "many-machines" / "docker-compose.yml"
KLOCK = TOP / "dist" / "bin" / "klock"
WITHIN_S = 60
MACHINES = (1, 2, 3)

pytestmark = pytest.mark.skipif(shutil.which("etcd") is None, reason="etcd (Debian: etcd-server) is missing")


def variables(machine: int) -> Dict[str, str]:
    """The page's .env of one machine, on addresses of the loopback that nobody else uses."""
    lines = [line.split("=", 1) for line in blocks("many-machines.md", "ini")[0].splitlines()]
    given = {name: value.replace("10.0.0.", "127.77.0.") for name, value in lines}
    own = f"127.77.0.{machine}:2379"
    others = [f"127.77.0.{other}:2379" for other in MACHINES if other != machine]
    return {**given, "NODE": f"n{machine}", "ADDRESS": f"127.77.0.{machine}", "MEMBERS": ",".join([f"http://{own}", *others])}


def filled(text: str, shell: Dict[str, str]) -> str:
    """A text with the variables put in, as Docker Compose does."""
    def value(match: "re.Match[str]") -> str:
        name, kind, rest = match.groups()
        assert name in shell or kind == ":-", f"{name}: {rest}"
        return shell.get(name) or rest

    return re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", value, text)


class Machine:
    """What one machine runs."""

    def __init__(self, number: int, folder) -> None:
        self._shell = variables(number)
        self._services = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
        self._folder = folder
        self.url = f"http://{self._shell['ADDRESS']}:3100"
        self.running: Dict[str, subprocess.Popen] = {}

    def start(self, service: str) -> None:
        fields = self._services[service]
        command = [filled(word, self._shell).replace("=/data", f"={self._folder / self._shell['NODE']}") for word in fields["command"]]
        program = command if service == "etcd" else [str(KLOCK), *command]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}
        own = {name: filled(value, self._shell) for name, value in fields.get("environment", {}).items()}
        with open(self._folder / f"{self._shell['NODE']}.{service}.log", "ab") as log:
            self.running[service] = subprocess.Popen(program, env={**kept, **own}, stdout=log, stderr=log)

    def kill(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.running.clear()

    def ask(self, method: str, path: str, body=None):
        """The answer of this machine's server; None when there is none, or it cannot serve yet."""
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._shell['KLOCK_API_KEY']}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error) if error.code == 409 else None
        except OSError:
            return None


def until(look):
    end = time.monotonic() + WITHIN_S
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


@pytest.fixture
def machines(tmp_path):
    all_three: List[Machine] = [Machine(number, tmp_path) for number in MACHINES]
    try:
        for machine in all_three:
            machine.start("etcd")
            machine.start("klock")
        yield all_three
    finally:
        for machine in all_three:
            machine.kill()


def test_three_machines_are_one_coordinator_and_one_may_be_lost(machines):
    first, second, third = machines
    for machine in machines:
        until(lambda: machine.ask("GET", "/health"))
    wanted = {"agent_id": "a", "session_id": "s", "resource_type": "FILE", "resource_path": "/a.c", "predicate": "MUTATES", "ttl": 600_000}
    granted = first.ask("POST", "/leases", wanted)
    assert granted["success"], granted
    first.kill()
    refused = until(lambda: second.ask("POST", "/leases", {**wanted, "agent_id": "b"}))
    assert not refused["success"] and refused["reason"] in ("WAIT", "DIE"), refused
    held = until(lambda: third.ask("GET", "/leases"))
    assert [lease["id"] for lease in held["data"]] == [granted["data"]["lease_id"]]
    first.start("etcd")
    first.start("klock")
    back = until(lambda: first.ask("GET", "/leases"))
    assert [lease["id"] for lease in back["data"]] == [granted["data"]["lease_id"]]


def test_what_a_machine_must_be_told_is_named(tmp_path):
    services = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    needed = set(re.findall(r"\$\{(\w+):\?", json.dumps(services)))
    given = {line.split("=", 1)[0] for line in blocks("many-machines.md", "ini")[0].splitlines()}
    assert needed == given
