"""What docs/deployment.md shows and other tests here do not run: the service's installation, a drop-in, a file of keys."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess

import pytest

from documents import blocks, languages
from engine import TOP
from hosts import NAME, Tls, certificate, clean, klock
from network import Network, lease

PAGE = "deployment.md"

# systemctl changes links without a running systemd; to start something is what it cannot do then.
SYSTEMCTL = """
export SYSTEMD_OFFLINE=1
systemctl() {
    case "$1 $2" in
        'enable --now') command systemctl enable "$3" ;;
        'restart klock') test -f /etc/systemd/system/klock.service ;;
        'daemon-reload ') command systemctl daemon-reload ;;
        *) echo "systemctl $* is nothing that this test knows" >&2; return 1 ;;
    esac
}
"""


def test_every_block_is_run_somewhere():
    # nginx, caddyfile: test_proxies; yaml: test_metrics; the rest here.
    assert set(languages(PAGE)) == {"bash", "ini", "text", "nginx", "caddyfile", "yaml"}


@pytest.fixture
def machine(tmp_path):
    """Runs a script as root of a machine whose /etc and /usr/local are copies."""
    if os.geteuid() != 0 or shutil.which("systemctl") is None:
        pytest.skip("only root may lay copies over folders, and systemctl is needed")
    layers = []
    for folder in ("etc", "usr/local"):
        upper, work = tmp_path / folder / "upper", tmp_path / folder / "work"
        upper.mkdir(parents=True)
        work.mkdir()
        layers.append(f"mount -t overlay overlay -o lowerdir=/{folder},upperdir={upper},workdir={work} /{folder}")
    probe = subprocess.run(["unshare", "--mount", "bash", "-ec", "\n".join(layers)], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        pytest.skip(f"nothing can be laid over a folder here: {probe.stderr.strip()}")

    def run(script: str) -> str:
        ran = subprocess.run(["unshare", "--mount", "bash", "-e", "-o", "pipefail", "-c", "\n".join([*layers, SYSTEMCTL, script])],
                             cwd=TOP, env=clean(), capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr + ran.stdout
        return ran.stdout + ran.stderr

    return run


def test_the_service_is_installed_as_the_page_says(machine):
    script = blocks(PAGE, "bash")
    machine("\n".join([
        *script,
        "test -L /etc/systemd/system/multi-user.target.wants/klock.service",
        "cmp deploy/systemd/klock.service /etc/systemd/system/klock.service",
        "/usr/local/bin/klock version",
        "test \"$(stat -c %a /etc/klock /etc/klock/klock.env | tr '\\n' ' ')\" = '700 600 '",
        "grep -Eq '^KLOCK_API_KEY=[A-Za-z0-9_-]{32}$' /etc/klock/klock.env",
        "test -z \"$(systemd-analyze verify /etc/systemd/system/klock.service 2>&1)\"",
    ]))


def test_systemd_takes_the_drop_in(machine):
    [drop_in] = blocks(PAGE, "ini")
    [path] = re.findall(r"^# (/etc/\S+)$", drop_in, re.MULTILINE)
    machine("\n".join([
        *blocks(PAGE, "bash")[:1], f"mkdir -p {os.path.dirname(path)}", f"cat > {path} <<'END'\n{drop_in}END",
        "test -z \"$(systemd-analyze verify klock.service 2>&1)\"",
        # That it is read at all is seen by what is wrong in it.
        f"echo Misspelt=yes >> {path}",
        "systemd-analyze verify klock.service 2>&1 | grep -q Misspelt",
    ]))


def keys(folder):
    """The page's file of keys, and the keys in it: of the operator, of agents, of Prometheus."""
    [text] = blocks(PAGE, "text")
    (folder / "keys").write_text(text)
    (folder / "keys").chmod(0o600)
    return [line.split()[0] for line in text.splitlines()]


def test_the_server_starts_as_the_drop_in_says(tmp_path):
    files = certificate(tmp_path)
    files[0].rename(tmp_path / "cert.pem")
    operator, _, _ = keys(tmp_path)
    command = re.findall(r"^ExecStart=(\S.*)$", blocks(PAGE, "ini")[0], re.MULTILINE)[0].replace("%d", str(tmp_path))
    assert shlex.split(command)[:2] == ["/usr/local/bin/klock", "serve"]
    with klock(tmp_path, shlex.split(command)[2:]) as port:
        assert Tls(port, tmp_path / "cert.pem", name=NAME, key=operator).ask("POST", "/leases", lease("a"))[0] == 201
        assert Tls(port, tmp_path / "cert.pem", name=NAME).ask("GET", "/leases")[0] == 401


def test_each_key_may_do_what_the_page_says(tmp_path):
    operator, agents, reader = ({"Authorization": f"Bearer {key}"} for key in keys(tmp_path))
    with klock(tmp_path, ["--host", "127.0.0.1", "--namespace-by", "repository", "--api-key-file", str(tmp_path / "keys")]) as port:
        server = Network(port=port)
        shop = {"namespace": "github.com/acme/shop"}
        status, granted = server.ask("POST", "/leases", lease("a", **shop), **agents)
        assert status == 201
        assert server.ask("POST", "/leases", lease("a", namespace="github.com/acme/other"), **agents)[0] == 403
        assert server.ask("POST", "/leases", lease("a"), **agents)[0] in (400, 403)
        assert server.ask("POST", "/leases", lease("b", **shop), **reader)[0] == 403
        assert len(server.ask("GET", "/leases", **reader)[1]["data"]) == 1
        assert metrics(server, reader) == 200 and metrics(server, agents) == 403
        assert server.ask("POST", f"/leases/{granted['data']['lease_id']}/revoke", **operator)[0] == 200


def metrics(server: Network, key: dict) -> int:
    connection = server.connect()
    connection.request("GET", "/metrics", headers=key)
    status = connection.getresponse().status
    connection.close()
    return status
