"""Programs that hold a lease, one in each language, on a scripted server or on a store; and what they and the server reported."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from scripted_server import Request, ScriptedServer
from surfaces import RUNNERS, WORK

WITHIN_S = 60
HOLDERS = {"server": ("cli", "python", "node"), "store": ("cli", "python", "node", "cpp")}
LEASE_LOST = 13
_KLOCK = str(WORK / "python" / "bin" / "klock")


class Play:
    """One scenario with one holder. What happened is in its fields, with times by CLOCK_MONOTONIC in s."""

    def __init__(self, scenario, place, holder, folder):
        self.scenario, self.place, self.holder = scenario, place, holder
        self.steps, self.lost, self.told, self.end, self.said = [], [], [], None, ""
        self.acted = {}  # when each line of the script was carried out
        self.late_s = 0.0
        self.requests = []
        self.release_takes_s = None
        self._storage = f"sqlite:{folder / 'klock.db'}?synchronous=normal"
        self._database = folder / "klock.db"
        self._lock = None
        self._server = None
        self._granted = threading.Event()
        self._lease_id = None

    def run(self):
        with contextlib.ExitStack() as stack:
            if self.place == "server":
                self._server = ScriptedServer(self.scenario["ttl_s"])
                stack.callback(self._server.end)
            process = stack.enter_context(self._start())
            stack.callback(process.kill)
            readers = [threading.Thread(target=read, args=[process]) for read in (self._read, self._read_errors)]
            for reader in readers:
                reader.start()
            assert self._granted.wait(WITHIN_S), f"nothing was granted: {self.said}"
            for line in self.scenario["script"]:
                self._wait_until(line["at_s"])
                self._do(process, line["do"], line.get("value"))
                self.acted[line["do"]] = time.monotonic()
            self._release(process, readers)
            self.requests = self._server.requests if self._server else self._renewals()

    @property
    def is_released(self):
        """Whether the lease was released at whoever granted it."""
        if self._server:
            return any(request.verb == "release" and request.is_done for request in self.requests)
        return self._klock("leases", "--json").count('"id"') == 0

    def _renewals(self):
        """What a store carried out, from its history: it says when by the wall clock, in ms."""
        wall_ahead_s = time.time() - time.monotonic()
        events = json.loads(self._klock("events", "--after", "0", "--limit", "1000", "--json"))["data"]
        verbs = {"GRANTED": "acquire", "RENEWED": "heartbeat"}
        return [
            Request((event["at"] + 1) / 1_000 - wall_ahead_s, verbs[event["kind"]], True) for event in events if event["kind"] in verbs
        ]

    def _start(self):
        ttl_ms = str(self.scenario["ttl_s"] * 1_000)
        where = self._server.url if self._server else self._storage
        python = str(WORK / "python" / "bin" / "python")
        cli = [_KLOCK, "run", "--file", "/held", "--ttl", f"{ttl_ms}ms", "--wait", "0s", "--server" if self._server else "--storage", where]
        command = {
            "cli": [*cli, "--", sys.executable, "-B", str(RUNNERS / "hold_cli.py")],
            "python": [python, "-B", str(RUNNERS / "hold_python.py"), where, ttl_ms],
            "node": ["node", str(WORK / "node" / "hold_node.mjs"), where, ttl_ms],
            "cpp": [str(WORK / "hold_cpp"), where, ttl_ms],
        }[self.holder]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, text=True, env=_environment(), **pipes)

    def _read(self, process):
        for line in process.stdout:
            what, at, *more = line.split()
            if what == "granted":
                self._granted_at, self._lease_id = float(at), more[0]
                self._granted.set()
            elif what in ("step", "lost", "told"):
                {"step": self.steps, "lost": self.lost, "told": self.told}[what].append(float(at))
            else:
                self.end = what

    def _read_errors(self, process):
        for line in process.stderr:
            self.said += line

    def _wait_until(self, at_s):
        at = self._granted_at + at_s
        time.sleep(max(0, at - time.monotonic()))
        self.late_s = max(self.late_s, time.monotonic() - at)

    def _do(self, process, what, value):
        if what in ("suspend", "continue"):
            process.send_signal(signal.SIGSTOP if what == "suspend" else signal.SIGCONT)
        elif what in ("lock", "unlock"):
            self._lock = self._lock or sqlite3.connect(self._database, isolation_level=None, timeout=5, check_same_thread=False)
            self._lock.execute("BEGIN IMMEDIATE" if what == "lock" else "ROLLBACK")
        elif self._server:
            self._server.do(what, value)
        else:
            self._klock(*{"revoke": ["revoke", self._lease_id], "expire": ["renew", self._lease_id, "--ttl", "1ms"]}[what])

    def _release(self, process, readers):
        self._wait_until(self.scenario["release_at_s"])
        asked_at = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # of a command that was ended
            os.write(process.stdin.fileno(), b"release\n")
        code = process.wait(WITHIN_S)
        self.release_takes_s = time.monotonic() - asked_at
        for reader in readers:
            reader.join(WITHIN_S)
        if self.holder == "cli":
            self.end = {0: "kept", LEASE_LOST: "ended"}.get(code, f"exit code {code}")

    def _klock(self, *words):
        command = [_KLOCK, *words, "--storage", self._storage]
        done = subprocess.run(command, capture_output=True, text=True, env=_environment(), timeout=WITHIN_S, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(("KLOCK_", "NODE_", "PYTHON"))}
