"""The image of the Dockerfile, run as docker-compose.yml says."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from engine import TOP, built
from network import lease

STOP_S = 5
UID = 65532


def status_of(pid: int) -> dict:
    return dict(re.findall(r"^(\w+):\s*(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))


def test_the_image_says_how_it_is_run(image):
    config = image.config
    assert config["User"] == f"{UID}:{UID}"
    assert config["Entrypoint"] == ["klock"] and config["Cmd"][0] == "serve", "exec form: a shell as process 1 would keep signals"
    assert list(config["ExposedPorts"]) == ["3100/tcp"]
    assert list(config["Volumes"]) == ["/data"]
    assert image.environment["KLOCK_STORAGE"].startswith("sqlite:/data/")
    assert config["Healthcheck"]["Test"] == ["CMD", "klock", "health"]
    assert "KLOCK_API_KEY" not in image.environment


def test_it_holds_two_programs_their_licences_and_nothing_else_of_the_repository(image):
    added = subprocess.run(["find", str(image.root), "-newer", str(image.root / "etc" / "os-release"), "-path", "*klock*", "-type", "f"],
                           capture_output=True, text=True, check=True).stdout.split()
    assert sorted(Path(path).relative_to(image.root).as_posix() for path in added) == [
        "usr/local/bin/klock", "usr/local/bin/klock-server", "usr/share/doc/klock/LICENSE", "usr/share/doc/klock/THIRD-PARTY-NOTICES.txt"]


def test_the_builder_is_sent_the_sources_the_programs_and_licences_alone(image, tmp_path):
    # What .dockerignore leaves of the repository, without all of which no image could be compiled.
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    with built("localhost/klock-test-context", "-f", str(tmp_path / "Dockerfile")) as context:
        sent = {path.relative_to(context.root).as_posix() for path in context.root.glob("*")}
        made = {path.relative_to(context.root).as_posix() for path in context.root.glob("dist/**/*") if path.is_file()}
    assert sent == {"src", "dashboard", "dist", ".editorconfig", "BannedSymbols.txt", "Directory.Build.props", "Directory.Build.targets",
                    "Directory.Packages.props", "global.json", "LICENSE", "THIRD-PARTY-NOTICES.txt"}
    assert made == {"dist/bin/klock", "dist/bin/klock-server", "dist/THIRD-PARTY-NOTICES.txt"}


def test_the_server_is_process_1_of_a_user_without_any_right(up):
    container = up()
    assert container.until_ready() == "klock listening on http://0.0.0.0:3100\n"
    status = status_of(container.pid)
    assert status["NSpid"].split()[-1] == "1"
    assert Path(f"/proc/{container.pid}/cmdline").read_bytes().split(b"\0")[0].endswith(b"klock-server")
    assert status["Uid"].split() == [str(UID)] * 4 and status["Gid"].split() == [str(UID)] * 4
    assert int(status["CapEff"], 16) == 0 and int(status["CapBnd"], 16) == 0
    # A root that is read-only, so that nothing but the volume can have been written.
    root = next(line for line in Path(f"/proc/{container.pid}/mountinfo").read_text().splitlines() if line.split()[4] == "/")
    assert "ro" in root.split()[5].split(",")
    assert container.network.ask("POST", "/leases", lease("a"))[0] == 201


def test_on_a_root_that_can_be_written_nothing_is_written(image, up):
    before = files_of(image.root)
    container = up(read_only=False)
    container.until_ready()
    assert container.network.ask("POST", "/leases", lease("a"))[0] == 201
    assert container.run(image.config["Healthcheck"]["Test"][1:]).returncode == 0
    assert container.stop() == 0
    assert files_of(image.root) == before


def files_of(root: Path) -> set:
    found = subprocess.run(["find", str(root), "-type", "f", "-printf", "%P %s %T@\\n"], capture_output=True, text=True, check=True)
    return set(found.stdout.splitlines())


def test_without_a_key_other_containers_may_ask_and_web_pages_may_not(up):
    container = up()
    container.until_ready()
    for host in ("klock:3100", "host.docker.internal:3100", "localhost:3100", "172.18.0.2:3100"):
        status, answer = container.network.ask("POST", "/leases", lease(host), Host=host)
        assert (status, answer["success"]) == (201, True), host
    status, answer = container.network.ask("POST", "/leases", lease("b"), Host="evil.example:3100")
    assert (status, answer["code"]) == (403, "FORBIDDEN")
    assert container.network.ask("GET", "/leases", Host="klock", Origin="https://evil.example")[0] == 403


def test_klock_in_another_container_uses_it_by_its_name(image, up, tmp_path):
    container = up()
    container.until_ready()
    assert container.network.ask("POST", "/leases", lease("src/a.ts"))[0] == 201
    (tmp_path / "hosts").write_text("127.0.0.1 klock\n")
    other = up(arguments=["leases", "--server", "http://klock:3100"], network=container.pid, files={"/etc/hosts": tmp_path / "hosts"},
               volume=image.new_volume(tmp_path / "other"))
    said, _ = other.process.communicate(timeout=20)
    assert other.process.returncode == 0 and "FILE:src/a.ts" in said, other.errors


def test_with_a_key_nobody_gets_in_without_it_and_the_health_check_needs_none(image, up):
    container = up({"KLOCK_API_KEY": "secret"})
    container.until_ready()
    assert container.network.ask("GET", "/leases")[0] == 401
    assert container.network.ask("GET", "/leases", Authorization="Bearer wrong")[0] == 401
    assert container.network.ask("GET", "/leases", Authorization="Bearer secret", Host="any.example")[0] == 200
    assert container.network.ask("GET", "/health")[0] == 200
    assert container.run(image.config["Healthcheck"]["Test"][1:]).returncode == 0
    assert "secret" not in container.errors


def test_keys_in_a_file_leave_the_health_check_as_it_is(image, up, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("one\n")
    keys.chmod(0o644)
    container = up(arguments=["serve", "--host", "0.0.0.0", "--api-key-file", "/run/keys"], files={"/run/keys": keys})
    container.until_ready()
    assert container.network.ask("GET", "/leases")[0] == 401
    assert container.network.ask("GET", "/leases", Authorization="Bearer one")[0] == 200
    assert container.run(image.config["Healthcheck"]["Test"][1:]).returncode == 0


def test_the_state_is_on_the_volume(up):
    first = up()
    first.until_ready()
    status, answer = first.network.ask("POST", "/leases", lease("src/a.ts"))
    assert status == 201
    token = answer["data"]["fencing_token"]
    assert first.stop() == 0
    second = up()
    second.until_ready()
    assert [one["id"] for one in second.network.ask("GET", "/leases")[1]["data"]] == [answer["data"]["lease_id"]]
    assert second.network.ask("POST", "/leases", lease("src/a.ts", agent="b"))[0] == 409
    assert second.network.ask("POST", "/leases", lease("other"))[1]["data"]["fencing_token"] > token
    # As a machine that loses its power does: nothing is written back, and the log is the next one's to read.
    second.stop(9)
    third = up()
    third.until_ready()
    assert len(third.network.ask("GET", "/leases")[1]["data"]) == 2


def test_a_stop_answers_those_who_wait_and_ends_with_0(up):
    container = up()
    container.until_ready()
    assert container.network.ask("POST", "/leases", lease("a", agent="b"))[0] == 201
    answers = []
    waiter = threading.Thread(target=lambda: answers.append(
        container.network.ask("POST", "/leases", lease("a", agent="a", wait_ms=60_000))))
    waiter.start()
    until(lambda: container.network.ask("GET", "/health")[1]["data"]["waiters"] == 1, "somebody waits")
    start = time.monotonic()
    assert container.stop() == 0
    # Docker kills after 10 s what does not end.
    assert time.monotonic() - start < 2 * STOP_S
    waiter.join()
    assert (answers[0][0], answers[0][1]["code"]) == (503, "CLOSED")


def until(holds, what: str) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail(f"never: {what}")


def test_the_health_check_fails_where_no_server_is(image, up):
    alone = up(arguments=image.config["Healthcheck"]["Test"][2:])
    assert alone.process.wait(20) == 4
    assert "cannot be reached" in alone.errors


def test_the_health_check_fails_where_the_store_does(image, up, tmp_path):
    volume = image.new_volume(tmp_path / "broken")
    container = up(volume=volume)
    container.until_ready()
    assert container.network.ask("POST", "/leases", lease("a"))[0] == 201
    (volume / "klock.db").write_bytes(b"no database" * 1000)
    until(lambda: container.network.ask("GET", "/health")[0] == 503, "the store fails")
    check = container.run(image.config["Healthcheck"]["Test"][1:])
    assert check.returncode == 4, check


def test_klock_can_be_asked_inside(up):
    container = up()
    container.until_ready()
    assert container.network.ask("POST", "/leases", lease("src/a.ts"))[0] == 201
    listed = container.run(["klock", "leases"])
    assert listed.returncode == 0 and "FILE:src/a.ts" in listed.stdout, listed


def test_it_runs_any_other_verb(image, up):
    version = up(arguments=["version"])
    said, _ = version.process.communicate(timeout=20)
    built = subprocess.run([str(TOP / "dist" / "bin" / "klock"), "version"], capture_output=True, text=True, check=True)
    assert said == built.stdout


def test_a_volume_of_somebody_else_is_an_error_that_names_it(up, tmp_path):
    (tmp_path / "roots").mkdir(mode=0o755)
    container = up(volume=tmp_path / "roots")
    assert container.process.wait(20) == 2
    assert "/data/klock.db" in container.errors and len(container.errors.splitlines()) == 1, container.errors

