"""Every holder keeps the rules of "Holding a lease" in docs/architecture.md: every scenario of holding.json, in every language that can.

All plays go on at once, since they wait most of the time; what a play must have been like is looked at afterwards.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from holders import HOLDERS, Play
from surfaces import HERE, RUNNERS, TOP, WORK

SCENARIOS = json.loads((HERE / "holding.json").read_text(encoding="utf-8"))
AT_ONCE = 20
SURE = 0.95  # of the ttl, from when the last good request was sent
# On a machine that stood still for so long nothing is proved: what failed there is played once more, by itself.
STOOD_STILL_S = 0.1
TRIES = 4
PLAYS = [
    pytest.param(scenario, place, holder, id=f"{scenario['name']}, {holder} on a {place}")
    for scenario in SCENARIOS for place in scenario["on"] for holder in HOLDERS[place]
]


class Stillness:
    """How long the machine let nobody run, at the worst, since it was asked last."""

    def __init__(self):
        self._worst_s = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while True:
            before = time.monotonic()
            time.sleep(0.02)
            self._worst_s = max(self._worst_s, time.monotonic() - before - 0.02)

    def taken(self):
        worst_s, self._worst_s = self._worst_s, 0.0
        return worst_s


@pytest.fixture(scope="session")
def programs(packages):
    shutil.copy(RUNNERS / "hold_node.mjs", WORK / "node")
    library = TOP / "dist" / "lib"
    link = ["-L", str(library), "-lklock", f"-Wl,-rpath,{library}", "-pthread"]
    source = ["c++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-I", str(TOP / "dist" / "include"), str(RUNNERS / "hold_cpp.cpp")]
    subprocess.run([*source, *link, "-o", str(WORK / "hold_cpp")], check=True)


@pytest.fixture(scope="session")
def stillness():
    return Stillness()


@pytest.fixture(scope="session")
def played(programs, stillness, tmp_path_factory, request):
    """All plays that were asked for, by scenario, place and holder: each the play, or what went wrong with it."""
    wanted = [item.callspec.params for item in request.session.items if item.function is test_a_holder_keeps_the_rules]
    stillness.taken()

    plays = [Play(**what, folder=tmp_path_factory.mktemp("held")) for what in wanted]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(tried, plays))
    stood_still_s = stillness.taken()
    return {key(**what): (result, stood_still_s) for what, result in zip(wanted, results)}


def key(scenario, place, holder):
    return scenario["name"], place, holder


def tried(play):
    try:
        play.run()
    except Exception as error:
        return error
    return play


def problem_of(play):
    """What a play was like that must not have been; None when all is well."""
    if isinstance(play, Exception):
        return repr(play)
    expected = play.scenario["expect"]
    checks = [ends_as, steps_only_while_it_is_sure, notices_in_time, sends_what_it_may, releases_as]
    problems = [problem for check in checks for problem in check(play, expected)]
    return "; ".join(problems) + f" (it said: {play.said!r})" if problems else None


def ends_as(play, expected):
    wanted = "kept" if expected["end"] == "kept" else "ended"
    if play.end != wanted:
        yield f"it ended as {play.end} instead of {wanted}"
    if play.lost and expected["end"] == "kept":
        yield "it was lost meanwhile"
    if play.lost and play.steps and max(play.steps) > min(play.lost):
        yield "it was lost and came back"
    if play.holder == "node" and play.lost and not play.told:
        yield "nobody was told that it is lost"


def good_requests(play):
    if "expire" in play.acted and play.place == "store":
        return []  # it is a renewal, by an operator, for no time at all
    return [request.at for request in play.requests if request.verb in ("acquire", "heartbeat") and request.is_done]


def steps_only_while_it_is_sure(play, expected):
    ttl_s, good = play.scenario["ttl_s"], good_requests(play)
    # To end a command takes its time, for which there is the rest of the ttl.
    sure_s = ttl_s * (1 if play.holder == "cli" else SURE)
    for step in play.steps if good else []:
        last = max((at for at in good if at <= step), default=good[0])
        if step >= last + sure_s:
            yield f"a step {step - last:.3f} s after the last good request, which is too late"
            return
    least, _ = expected.get("lost_after_ttl", (0, 1))
    if least > 0 and play.steps and max(play.steps) < max(good) + least * ttl_s:
        yield f"it counted as lost {max(play.steps) - max(good):.3f} s after the last good request, which is too early"


def notices_in_time(play, expected):
    if "lost_within_s" in expected:
        took_s = max(play.steps) - max(play.acted.values())
        if took_s > expected["lost_within_s"]:
            yield f"it was noticed after {took_s:.3f} s instead of {expected['lost_within_s']}"


def sends_what_it_may(play, expected):
    if play.place != "server":
        return
    for verb, (least, most) in expected.get("requests", {}).items():
        count = sum(request.verb == verb for request in play.requests)
        if not least <= count <= most:
            yield f"{verb} was asked {count} times instead of {least} to {most}"
    after = dict(expected.get("requests_after_s", {}))
    from_at = play.requests[0].at + after.pop("from_s", 0)
    for verb, most in after.items():
        count = sum(request.verb == verb and request.at > from_at for request in play.requests)
        if count > most:
            yield f"{verb} was asked {count} times when all was over"


def releases_as(play, expected):
    if expected.get("is_released") and not play.is_released:
        yield "it was not released"
    if play.release_takes_s > expected.get("release_takes_s", 30):
        yield f"its release took {play.release_takes_s:.3f} s"


@pytest.mark.parametrize("scenario, place, holder", PLAYS)
def test_a_holder_keeps_the_rules(played, stillness, tmp_path, scenario, place, holder):
    play, stood_still_s = played[key(scenario, place, holder)]
    problem = problem_of(play)
    for number in range(1, TRIES):
        if problem is None or stood_still_s < STOOD_STILL_S:
            break
        folder = tmp_path / str(number)
        folder.mkdir()
        stillness.taken()
        problem = problem_of(tried(Play(scenario, place, holder, folder)))
        stood_still_s = stillness.taken()
    assert problem is None, f"{problem}; the machine stood still for {stood_still_s:.3f} s"
