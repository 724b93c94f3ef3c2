"""docker-compose.yml, held against the Dockerfile and the real program."""

from __future__ import annotations

import os
import re
import subprocess

from compose import FILE, Service
from engine import TOP
from network import Network

KLOCK = TOP / "dist" / "bin" / "klock"


def dockerfile(pattern: str) -> str:
    [found] = re.findall(pattern, (TOP / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return found


def test_it_is_where_docker_compose_looks_and_builds_the_dockerfile_beside_it():
    assert FILE == TOP / "docker-compose.yml"
    assert Service({}).fields["build"] == "." and (TOP / "Dockerfile").exists()


def test_it_is_published_for_this_machine_alone_unless_told_otherwise():
    assert Service({}).ports == [["127.0.0.1", "3100", dockerfile(r"^EXPOSE (\d+)$")]]
    assert Service({"KLOCK_PUBLISH": "0.0.0.0:4000"}).ports == [["0.0.0.0", "4000", "3100"]]


def test_the_volume_holds_the_folder_of_the_file():
    service = Service({})
    [(name, target)] = service.volumes.items()
    assert name in service.project["volumes"] and target == dockerfile(r"^VOLUME (\S+)$")
    assert service.environment["KLOCK_STORAGE"] == f"sqlite:{target}/klock.db"


def test_a_key_is_passed_on_if_there_is_one():
    assert "KLOCK_API_KEY" not in Service({}).environment
    assert Service({"KLOCK_API_KEY": "secret"}).environment["KLOCK_API_KEY"] == "secret"


def test_the_service_has_no_right_that_it_does_not_need():
    fields = Service({}).fields
    assert fields["read_only"] is True and fields["cap_drop"] == ["ALL"] and "privileged" not in fields
    assert fields["security_opt"] == ["no-new-privileges:true"]


def test_the_real_program_takes_its_command_and_variables(tmp_path):
    service = Service({})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KLOCK_")}
    environment.update({name: value.replace("/data/", f"{tmp_path}/") for name, value in service.environment.items()})
    started = subprocess.Popen([str(KLOCK), *service.command, "--port", "0"], cwd=tmp_path, env=environment, text=True,
                               stdout=subprocess.PIPE)
    try:
        url = started.stdout.readline().split()[-1]
        assert url.startswith("http://0.0.0.0:")
        server = Network(port=int(url.rsplit(":", 1)[1]))
        for host, status in (("klock:3100", 200), ("host.docker.internal:3100", 200), ("evil.example", 403)):
            assert server.ask("GET", "/health", Host=host)[0] == status, host
    finally:
        started.terminate()
        assert started.wait(20) == 0
        started.stdout.close()
    assert (tmp_path / "klock.db").exists()
