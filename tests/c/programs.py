"""Runs a compiled test program and turns its "ok" and "not ok" lines into checks."""

import os
import shutil
import subprocess

from toolchain import OUT

TIME_LIMIT_S = 240
STORES = {"memory": "memory", "sqlite": "sqlite:store.db"}


def fresh_folder(name):
    """An empty working folder: a store left by an earlier run would change what the tests see."""
    folder = os.path.join(OUT, "run", name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def clean_environment(**more):
    """No LD_LIBRARY_PATH: what is built has to find the library by itself."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith(("LD_", "KLOCK_"))}, **more}


def run(command, folder, **environment):
    """Answers (exit code, stdout, stderr). A program that hangs is killed: its code is then "timeout"."""
    try:
        done = subprocess.run(command, cwd=folder, env=clean_environment(**environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True, errors="replace", timeout=TIME_LIMIT_S)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as stuck:
        said = [text.decode(errors="replace") if isinstance(text, bytes) else text or "" for text in (stuck.stdout, stuck.stderr)]
        return "timeout after %d s" % TIME_LIMIT_S, said[0], said[1]


def run_cases(report, group, command, **environment):
    """Runs a test program and reports each of its cases, and its end when that was not in order."""
    code, out, err = run(command, fresh_folder(group), **environment)
    cases = failures = 0
    for line in out.splitlines():
        if line.startswith("ok "):
            report.passed(group, line[3:])
        elif line.startswith("not ok "):
            name, _, why = line[7:].partition(": ")
            failures += 1
            report.failed(group, name, why + "\n" + err[-1500:])
        else:
            continue
        cases += 1
    if cases == 0:
        report.failed(group, "program", "ran no case; ended with %s\n%s" % (code, (out + err)[-3000:]))
    elif code != (1 if failures else 0):
        report.failed(group, "end_of_program", "ended with %s after %d cases\n%s" % (code, cases, err[-3000:]))
