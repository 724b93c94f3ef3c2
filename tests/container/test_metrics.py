"""Alerts and dashboard: checked by promtool, and evaluated by a real Prometheus on a real server."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from documents import blocks
from engine import TOP
from hosts import Tls, certificate, free_port, klock, process, until
from network import lease

RULES = TOP / "deploy" / "prometheus" / "klock.rules.yml"
DASHBOARD = json.loads((TOP / "deploy" / "grafana" / "klock.json").read_text(encoding="utf-8"))
UNIT_TESTS = Path(__file__).with_name("klock.rules.test.yml")
KEY = "read-the-numbers"

pytestmark = pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus is missing")


def alerts() -> list:
    [group] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return group["rules"]


def expressions() -> list:
    """The dashboard's, with its variables put in as Grafana does for all servers."""
    found = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    assert len(found) > 10
    texts = [one.replace("$instance", ".*").replace("$__rate_interval", "1m") for one in found]
    assert not any("$" in text for text in texts)
    return texts


def promtool(*arguments: str, folder: Path = TOP) -> str:
    ran = subprocess.run(["promtool", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran.stdout


def test_promtool_accepts_the_rules():
    assert f"{len(alerts())} rules found" in promtool("check", "rules", str(RULES))


def test_each_alert_fires_and_is_silent_where_nothing_is_wrong(tmp_path):
    tests = [one for test in yaml.safe_load(UNIT_TESTS.read_text(encoding="utf-8"))["tests"] for one in test["alert_rule_test"]]
    for rule in alerts():
        mine = [bool(test["exp_alerts"]) for test in tests if test["alertname"] == rule["alert"]]
        assert set(mine) == {True, False}, rule["alert"]
    shutil.copy(RULES, tmp_path)
    shutil.copy(UNIT_TESTS, tmp_path)
    assert "SUCCESS" in promtool("test", "rules", UNIT_TESTS.name, folder=tmp_path)


def test_promtool_accepts_every_expression_of_the_dashboard(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(expressions())]
    (tmp_path / "dashboard.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", str(tmp_path / "dashboard.yml"))


def test_the_dashboard_is_one_that_grafana_can_import():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) and DASHBOARD["uid"] == "klock"
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"} and names == {"datasource", "instance"}
    taken = [(x, y) for place in (panel["gridPos"] for panel in panels)
             for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])]
    assert len(set(taken)) == len(taken) and max(x for x, _ in taken) < 24, "no panel lies on another"


def test_the_page_lists_the_alerts():
    page = (TOP / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(Klock\w+)` \|", page, re.MULTILINE) == [rule["alert"] for rule in alerts()]


@pytest.fixture
def server(tmp_path):
    """A server with TLS and a read-only key for Prometheus, which has been asked this and that."""
    files = certificate(tmp_path)
    (tmp_path / "keys").write_text(f"full\n{KEY} read-only\n")
    (tmp_path / "keys").chmod(0o600)
    flags = ["--tls-cert", str(files[0]), "--tls-key", str(files[1]), "--api-key-file", str(tmp_path / "keys")]
    with klock(tmp_path, ["--host", "127.0.0.1", *flags]) as port:
        yield Tls(port, files[0], name="localhost", key="full"), files[0], port


def use(api: Tls, number: int) -> None:
    """Grants, refusals, an error and a wait."""
    taken = api.ask("POST", "/leases", lease(f"f{number}", agent="b"))[1]["data"]["lease_id"]
    assert api.ask("POST", "/leases", lease(f"f{number}", agent="c"))[0] == 409
    assert api.ask("POST", "/leases", lease(f"f{number}", agent="a", wait_ms=20))[0] == 409
    assert api.ask("POST", "/leases", {"agent_id": ""})[0] == 400
    assert api.ask("DELETE", f"/leases/{taken}")[0] == 200


def test_every_metric_of_dashboard_and_alerts_is_one_that_the_server_has(server):
    api = server[0]
    use(api, 0)
    text = api.ask("GET", "/metrics")[1]["text"]
    served = set(re.findall(r"^(\w+)[{ ]", text, re.MULTILINE))
    labels = {name: set(re.findall(r'(\w+)="', line)) for name, line in re.findall(r"^(\w+)(\{.*?\})? ", text, re.MULTILINE)}
    for expression in expressions() + [rule["expr"] for rule in alerts()]:
        for name in re.findall(r"\bklock_\w+", expression):
            assert name in served, f"{name}, in {expression}"
        for grouped in re.findall(r"by \((.*?)\)", expression):
            own = set(grouped.replace(" ", "").split(",")) - {"instance"}
            assert all(own <= labels[name] for name in re.findall(r"\bklock_\w+", expression)), expression


def test_a_real_prometheus_scrapes_it_and_evaluates_all_of_it(server, tmp_path):
    api, authority, port = server
    web = free_port()
    [config] = [yaml.safe_load(block) for block in blocks("deployment.md", "yaml")]
    [job] = config["scrape_configs"]
    assert config["rule_files"] == [f"/etc/prometheus/{RULES.name}"]
    (tmp_path / "klock.key").write_text(KEY)
    job["authorization"]["credentials_file"] = str(tmp_path / "klock.key")
    job["static_configs"] = [{"targets": [f"localhost:{port}"]}]
    job["tls_config"] = {"ca_file": str(authority)}
    config.update({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(RULES)]})
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    promtool("check", "config", str(tmp_path / "prometheus.yml"))
    command = ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data",
               f"--web.listen-address=127.0.0.1:{web}", "--web.enable-lifecycle"]
    with process(command, tmp_path / "prometheus.log"), contextlib.closing(api.send("GET", "/events")):
        use(api, 0)
        until(lambda: query(web, 'up{job="klock"} == 1'), f"it is scraped: {tmp_path / 'prometheus.log'}")
        until(lambda: query(web, "klock_refusals_total > 0"), "a refusal is counted")
        use(api, 1)
        for text in expressions():
            until(lambda: query(web, text), f"there is something to show for {text}")
        until(lambda: len(rules(web)) == len(alerts()) and all(rule["health"] == "ok" for rule in rules(web)), "each rule was evaluated")
        assert {rule["state"] for rule in rules(web)} == {"inactive"}
        assert not query(web, 'klock_build_info{version!~"[0-9.]+"}')


def query(web: int, text: str) -> list:
    return ask(web, "query?" + urllib.parse.urlencode({"query": text}))["result"]


def rules(web: int) -> list:
    return [rule for group in ask(web, "rules")["groups"] for rule in group["rules"]]


def ask(web: int, what: str) -> dict:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{web}/api/v1/{what}", timeout=10) as answer:
        return json.load(answer)["data"]
