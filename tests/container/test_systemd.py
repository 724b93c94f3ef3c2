"""The systemd unit: what systemd's own checker says, and the program that it starts under its rules."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from engine import TOP, Container
from network import lease
from unit import FILE, Unit

KLOCK = TOP / "dist" / "bin" / "klock"
EXPOSED_MOST = 15  # tenths, of 100: a service without any setting has 96
STATE = Path("/data")

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze (Debian: systemd) is missing")


@pytest.fixture
def installed(tmp_path):
    """The unit as it is installed, but for the program's place."""
    copy = tmp_path / FILE.name
    copy.write_text(FILE.read_text(encoding="utf-8").replace("=/usr/local/bin/klock ", f"={KLOCK} "), encoding="utf-8")
    return copy


def analyze(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_finds_nothing_wrong(installed):
    verified = analyze("verify", str(installed))
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


@needs_systemd
def test_a_misspelt_setting_would_be_found(installed):
    installed.write_text(installed.read_text().replace("DynamicUser=", "DynamicUsr="))
    assert "DynamicUsr" in analyze("verify", str(installed)).stderr


@needs_systemd
def test_it_exposes_little(installed):
    rated = analyze("security", "--offline=true", f"--threshold={EXPOSED_MOST}", str(installed))
    assert rated.returncode == 0, rated.stdout


def test_what_it_starts_tells_systemd_that_it_is_ready(tmp_path):
    unit = Unit()
    assert unit.one("Type") == "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(tmp_path / "notify"))
        notified.settimeout(20)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}
        started = subprocess.Popen(
            [str(KLOCK), *unit.command(tmp_path)[1:], "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
            env={**environment, **unit.environment(tmp_path), "NOTIFY_SOCKET": str(tmp_path / "notify")})
        try:
            assert notified.recv(256).decode().strip() == "READY=1"
            assert started.stdout.readline().startswith("klock listening on http://127.0.0.1:")
            # systemd accepts the message of its main process alone, and klock becomes the server.
            assert Path(f"/proc/{started.pid}/comm").read_text().strip() == "klock-server"
            started.terminate()
            assert notified.recv(256).decode().strip() == "STOPPING=1"
            assert started.wait(int(unit.one("TimeoutStopSec"))) == 0
        finally:
            started.kill()
            started.wait()
            started.stdout.close()
    assert (tmp_path / "klock.db").exists()


@needs_systemd
def test_the_program_works_under_its_filters_of_system_calls(image, tmp_path):
    unit = Unit()
    volume = image.new_volume(tmp_path / "state")
    container = Container(image, unit.command(STATE), unit.environment(STATE), tmp_path / "bundle", volume=volume, seccomp=unit.seccomp())
    try:
        container.until_ready()
        assert "Seccomp:\t2" in Path(f"/proc/{container.pid}/status").read_text()
        for number in range(50):
            assert container.network.ask("POST", "/leases", lease(f"f{number}"))[0] == 201
        assert len(container.network.ask("GET", "/leases")[1]["data"]) == 50
        assert container.stop() == 0
    finally:
        container.close()
    assert (volume / "klock.db").exists()


@needs_systemd
def test_the_filters_do_keep_something_out(image, tmp_path):
    container = Container(image, ["/bin/nice", "-n", "5", "/bin/true"], {}, tmp_path / "bundle", seccomp=Unit().seccomp())
    try:
        container.process.wait(20)
        assert "Operation not permitted" in container.errors
    finally:
        container.close()
