"""What docs/docker.md shows, typed into a shell, with a stand-in for docker that runs the real image."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compose import Service
from documents import blocks, languages
from engine import TOP

HERE = Path(__file__).resolve().parent


@pytest.fixture
def shell(image, tmp_path):
    """Runs a script where `docker` is the stand-in and the network is the script's own."""
    state, programs = tmp_path / "docker", tmp_path / "bin"
    state.mkdir()
    programs.mkdir()
    (state / "image.json").write_text(json.dumps({"config": image.config, "root": str(image.root)}))
    (programs / "docker").write_text(f'#!/bin/sh\nexec {sys.executable} -B {HERE / "stand_in.py"} "$@"\n')
    (programs / "docker").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}
    path = f"{programs}:{TOP / 'dist' / 'bin'}:{environment['PATH']}"

    def run(script: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["unshare", "--net", "bash", "-e", "-o", "pipefail", "-c", f"ip link set lo up\n{script}"], cwd=TOP, check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
            env={**environment, "PATH": path, "KLOCK_TEST_DOCKER": str(state), "HOME": str(tmp_path), "KLOCK_AGENT_ID": "reader"})

    yield run
    for file in state.glob("**/pid"):
        # A number may be another process's by now: only one in a container of ours has this root.
        number = int(file.read_text())
        if Path(f"/proc/{number}/cmdline").exists() and b"klock" in Path(f"/proc/{number}/cmdline").read_bytes():
            os.kill(number, signal.SIGKILL)


def test_every_block_is_one_that_is_run():
    assert set(languages("docker.md")) == {"bash"}


def test_every_block_runs(shell):
    ran = shell("\n".join(blocks("docker.md", "bash")))
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert re.search(r'"status":"ok"', ran.stdout) and "klock 0." in ran.stdout, ran.stdout
    assert "serving sqlite:/data/klock.db on http://0.0.0.0:3100 with 0 keys" in ran.stdout, "docker compose logs klock"


def test_the_page_says_what_the_files_say(image):
    page = (TOP / "docs" / "docker.md").read_text(encoding="utf-8")
    variables = dict(re.findall(r"^\| `(KLOCK_\w+)` \| (.*?) \|$", page, re.MULTILINE))
    service = Service({})
    assert variables["KLOCK_STORAGE"] == f"`{image.environment['KLOCK_STORAGE']}`"
    assert variables["KLOCK_SERVER"].startswith(f"`{image.environment['KLOCK_SERVER']}`")
    assert service.environment["KLOCK_ALLOW_HOSTS"] in variables["KLOCK_ALLOW_HOSTS"]
    assert {*service.fields["environment"], *(name for name in image.environment if name.startswith("KLOCK_"))} == set(variables)
    defaults = dict(re.findall(r"^ARG (\w+)=(\S+)$", (TOP / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(defaults) == 3 and all(f"`{name}`" in page and f"`{value}`" in page for name, value in defaults.items())
    assert f"user | {image.config['User'].split(':')[0]}," in page
