"""The workflow that makes a release cannot run here. What can be checked is: that it is YAML, and that what it calls is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from conftest import TOP

yaml = pytest.importorskip("yaml")
WORKFLOW = TOP / ".github" / "workflows" / "release.yml"


class _Strict(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, which YAML forbids and the loader takes."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
        return super().construct_mapping(node, deep)


@pytest.fixture(scope="module")
def workflow():
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), Loader=_Strict)


def _steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_every_machine_is_built_on(workflow):
    machines = [each["machine"] for job in workflow["jobs"].values() if "strategy" in job
                for each in job["strategy"]["matrix"]["include"]]
    packs = [each["machine"] for job in workflow["jobs"].values() if "strategy" in job
             and any("./build.sh machines" in step.get("run", "") for step in job["steps"])
             for each in job["strategy"]["matrix"]["include"]]
    assert sorted(packs) == ["linux-arm64", "linux-x64", "osx-arm64", "win-x64"]
    assert set(machines) == set(packs)


def test_every_job_says_where_and_steps_do_one_thing(workflow):
    for job in workflow["jobs"].values():
        assert job["runs-on"] and set(job.get("needs", [])) <= set(workflow["jobs"])
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step), step
            assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"])


def test_it_calls_commands_and_projects_that_there_are(workflow):
    commands = (TOP / "build" / "Commands.cs").read_text(encoding="utf-8")
    text = "\n".join(step["run"] for step in _steps(workflow) if "run" in step)
    called = re.findall(r"\./build\.sh (\w+)", text)
    assert {"test", "machines"} <= set(called)
    assert all(f'new("{name}",' in commands for name in called)
    for project in re.findall(r"(?:src|tests)/Klock\.[\w.]+", text):
        assert (TOP / project).is_dir(), project


def test_its_shell_is_sound(workflow, tmp_path):
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is missing")
    for number, step in enumerate(step for step in _steps(workflow) if "run" in step):
        script = tmp_path / f"{number}.sh"
        script.write_text("#!/bin/bash\n" + re.sub(r"\$\{\{.*?\}\}", "x", step["run"]))
        ended = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout


def test_only_the_draft_may_write_and_it_is_a_draft(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == ["draft"]
    assert "--draft" in json.dumps(workflow["jobs"]["draft"])
