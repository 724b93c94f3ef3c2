"""The proxies of docs/deployment.md, as the page configures them, before a real server."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess

import pytest

from documents import blocks
from hosts import KLOCK, NAME, PATIENCE_S, Tls, certificate, clean, free_port, klock, process, until
from network import lease

KEY = "a-key-of-this-test"
PROXIES = [pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is missing"))
           for name in ("nginx", "caddy")]


def put(text: str, *pairs) -> str:
    """The text with some of it replaced, each part once."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} is not once in {text}"
        text = text.replace(old, new)
    return text


def nginx(folder, server: int, port: int, files) -> list:
    [block] = blocks("deployment.md", "nginx")
    block = put(block, ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("127.0.0.1:3100", f"127.0.0.1:{server}"),
                ("/etc/ssl/klock/fullchain.pem", str(files[0])), ("/etc/ssl/klock/key.pem", str(files[1])))
    bodies = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"{user}pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{bodies}{block}}}\n")
    command = ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0 and "warn" not in tested.stderr, tested.stderr
    return [*command, "-g", "daemon off;"]


def caddy(folder, server: int, port: int, files) -> list:
    [block] = blocks("deployment.md", "caddyfile")
    block = put(block, (f"{NAME} {{", f"{NAME}:{port} {{\n    bind 127.0.0.1\n    tls {files[0]} {files[1]}"),
                ("127.0.0.1:3100", f"127.0.0.1:{server}"))
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https disable_redirects\n}}\n{block}")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    validated = subprocess.run(command, capture_output=True, text=True, check=False, env=clean(HOME=str(folder)))
    assert validated.returncode == 0, validated.stderr
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.fixture
def proxied(request, tmp_path):
    """Through a proxy to a server with a key; without it; and to the server itself."""
    files, port = certificate(tmp_path), free_port()
    with klock(tmp_path, ["--host", "127.0.0.1"], KLOCK_API_KEY=KEY) as server:
        command = {"nginx": nginx, "caddy": caddy}[request.param](tmp_path, server, port, files)
        with process(command, tmp_path / "proxy.log", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)):
            through = Tls(port, files[0], key=KEY)
            until(lambda: through.ask("GET", "/health")[0] == 200, f"{request.param} answers: {tmp_path / 'proxy.log'}")
            yield through, Tls(port, files[0]), files[0], port
        if request.param == "nginx":
            assert "leases" not in (tmp_path / "proxy.log").read_text()


@pytest.mark.parametrize("proxied", PROXIES, indirect=True)
def test_leases_go_through_and_the_key_is_needed(proxied):
    through, keyless, _, _ = proxied
    assert through.ask("POST", "/leases", lease("a"))[0] == 201
    assert through.ask("POST", "/leases", lease("a", agent="b"))[0] == 409
    assert keyless.ask("GET", "/leases")[0] == 401


@pytest.mark.parametrize("proxied", PROXIES, indirect=True)
def test_an_event_arrives_while_the_stream_is_open(proxied):
    through = proxied[0]
    with contextlib.closing(through.send("GET", "/events")) as connection:
        stream = connection.getresponse()
        assert stream.readline() == b"retry: 1000\n"
        assert through.ask("POST", "/leases", lease("src/a.ts"))[0] == 201
        # A proxy that collects would keep this until the stream ends, and the read would time out.
        for line in stream:
            if b"FILE:src/a.ts" in line and b"GRANTED" in line:
                return
    pytest.fail("the stream ended")


@pytest.mark.parametrize("proxied", PROXIES, indirect=True)
def test_a_client_that_goes_away_leaves_the_queue(proxied):
    through = proxied[0]
    assert through.ask("POST", "/leases", lease("a", agent="b"))[0] == 201
    with contextlib.closing(through.send("POST", "/leases", lease("a", agent="a", wait_ms=3_600_000))):
        until(lambda: waiters(through) == 1, "it waits")
    until(lambda: waiters(through) == 0, "it is off the queue")


def waiters(through: Tls) -> int:
    return through.ask("GET", "/health")[1]["data"]["waiters"]


@pytest.mark.parametrize("proxied", PROXIES, indirect=True)
def test_klocks_own_limit_is_the_one_that_counts(proxied):
    status, answer = proxied[0].ask("POST", "/leases", lease("a", padding="x" * 1_100_000))
    assert (status, answer.get("code")) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("proxied", PROXIES[:1], indirect=True)
def test_the_command_line_trusts_an_authority_of_ones_own(proxied):
    through, _, authority, port = proxied
    assert through.ask("POST", "/leases", lease("src/a.ts"))[0] == 201
    listed = subprocess.run([str(KLOCK), "leases", "--server", f"https://localhost:{port}"], capture_output=True, text=True, check=False,
                            env=clean(SSL_CERT_FILE=str(authority), KLOCK_API_KEY=KEY), timeout=PATIENCE_S)
    assert listed.returncode == 0 and "FILE:src/a.ts" in listed.stdout, listed


@pytest.mark.parametrize("proxied", PROXIES[:1], indirect=True)
def test_nginx_waits_for_longer_than_klock_does(proxied):
    document = proxied[0].ask("GET", "/openapi/v1.json")[1]
    body = document["paths"]["/leases"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    [seconds] = re.findall(r"proxy_read_timeout (\d+)s;", blocks("deployment.md", "nginx")[0])
    assert int(seconds) * 1000 > body["properties"]["wait_ms"]["maximum"]
