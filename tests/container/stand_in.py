"""Stands in for the `docker` of the documents: their commands, on the image of these tests, with crun. What it does not know, it refuses.

The ports of containers are those of the shell that calls it, which the test gives a network of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional

import engine
from compose import Service

STATE = Path(os.environ["KLOCK_TEST_DOCKER"])
LONGEST_STOP_S = 10


def image() -> engine.Unpacked:
    """The image that the tests have built."""
    saved = json.loads((STATE / "image.json").read_text())
    return engine.Unpacked(saved["config"], Path(saved["root"]))


def volume(name: str) -> Path:
    """A named volume, made when it is used first."""
    folder = STATE / f"volume-{name}"
    return folder if folder.exists() else image().new_volume(folder)


def start(name: str, arguments: List[str], environment: Dict[str, str], mounts: Dict[str, str], read_only: bool, attached: bool) -> None:
    """Runs a container; returns once the server is ready, or with `attached` once it has ended."""
    assert list(mounts) in ([], ["/data"]), mounts
    folder = volume(mounts["/data"]) if mounts else image().new_volume(STATE / f"anonymous-{time.time_ns()}")
    given, bundle = arguments or image().config["Cmd"], STATE / "containers" / name
    container = engine.Container(image(), given, environment, bundle, volume=folder, read_only=read_only, network="host")
    (container.bundle / "id").write_text(container.id)
    if attached:
        said, _ = container.process.communicate(timeout=60)
        print(said, end="")
        print(container.errors, end="", file=sys.stderr)
        remove(name)
        sys.exit(container.process.returncode)
    container.until_ready()


def stop(name: str) -> None:
    """SIGTERM, and SIGKILL if it takes as long as Docker waits: that would be a failure here."""
    pid = int((STATE / "containers" / name / "pid").read_text())
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + LONGEST_STOP_S
    while alive(pid):
        assert time.monotonic() < end, f"{name} does not stop"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def remove(name: str) -> None:
    """Forgets a container that has ended."""
    bundle = STATE / "containers" / name
    assert bundle.exists() and not ((bundle / "pid").exists() and alive(int((bundle / "pid").read_text()))), f"{name} still runs"
    bundle.rename(STATE / f"removed-{time.time_ns()}")


def compose(line: List[str]) -> None:
    """docker compose."""
    name = "compose-klock"
    there = (STATE / "containers" / name).exists()
    if line in (["up", "-d"], ["up", "-d", "--build"]):
        if there:
            stop(name)
            remove(name)
        service = Service(os.environ)
        mounts = {target: source for source, target in service.volumes.items()}
        start(name, service.command, service.environment, mounts, service.fields["read_only"], attached=False)
    elif line == ["down"]:
        stop(name)
        remove(name)
    elif line[:2] == ["exec", "klock"]:
        bundle = STATE / "containers" / name
        ran = engine.run_in(bundle, (bundle / "id").read_text(), line[2:])
        print(ran.stdout, end="")
        print(ran.stderr, end="", file=sys.stderr)
        sys.exit(ran.returncode)
    elif line == ["logs", "klock"]:
        print((STATE / "containers" / name / "stderr").read_text(), end="")
    else:
        raise AssertionError(f"docker compose {line} is nothing that these tests know")


def build(line: List[str]) -> None:
    """docker build: the image was built by the same Dockerfile already, so only what is asked for is checked."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("-t", required=True)
    parser.add_argument("--target")
    parser.add_argument("context")
    asked = parser.parse_args(line)
    text = (Path(asked.context) / "Dockerfile").read_text()
    assert asked.target is None or re.search(rf"^FROM .* AS {asked.target}$", text, re.MULTILINE), asked.target


def run(line: List[str]) -> None:
    """docker run."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("-d", action="store_true")
    parser.add_argument("--rm", action="store_true")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--name")
    for flag in ("-p", "-v", "-e"):
        parser.add_argument(flag, action="append", default=[])
    parser.add_argument("image")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args(line)
    assert asked.image == "klock" and asked.d != asked.rm
    exposed = [port.split("/")[0] for port in image().config["ExposedPorts"]]
    assert all(port.rsplit(":", 1)[1] in exposed for port in asked.p), asked.p
    name: Optional[str] = asked.name or f"run-{time.time_ns()}"
    mounts = {target: source for source, target in (mount.split(":") for mount in asked.v)}
    start(name, asked.arguments, dict(pair.split("=", 1) for pair in asked.e), mounts, asked.read_only, attached=asked.rm)


def main(line: List[str]) -> None:
    """One command."""
    (STATE / "containers").mkdir(exist_ok=True)
    if line[0] in ("stop", "rm") and len(line) == 2:
        (stop if line[0] == "stop" else remove)(line[1])
    else:
        {"compose": compose, "build": build, "run": run}[line[0]](line[1:])


main(sys.argv[1:])
