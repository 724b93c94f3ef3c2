"""Three etcd members and three servers of Klock on machines of their own, with faults; then the record is checked.

    python3 tests/soak/run.py [--minutes M | --seconds S] [--seed N] [--etcd DIR] [--faults NAME,…] [--record FILE]
    python3 tests/soak/run.py --check FILE

Exit code 0: no rule is broken; 1: some are, or the run did not get to its end; 3: there can be no such machines here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

import faults
import place
import record
import report
import rules
from history import History
from world import World

_CANNOT = 3
_USUAL_MINUTES = 30.0


def main(arguments: List[str]) -> int:
    """Does what the command line says."""
    options = _parser().parse_args(arguments)
    if options.check:
        return _check(options.check)
    etcd = options.etcd.resolve() if options.etcd else None
    if not place.is_inside():
        why = place.why_not(etcd)
        if why is not None:
            print(f"The soak cannot run: {why}.", file=sys.stderr)
            return _CANNOT
        return subprocess.run(place.inside(arguments), check=False).returncode
    return _run(options, etcd)


def _run(options: argparse.Namespace, etcd: Optional[Path]) -> int:
    path = (options.record or place.WORK / f"seed-{options.seed}.jsonl").resolve()
    folder = path.with_suffix(".logs")
    path.parent.mkdir(parents=True, exist_ok=True)
    seen = record.Record(path)
    seconds = options.seconds if options.seconds is not None else options.minutes * 60
    seen.add("settings", seed=options.seed, seconds=seconds, etcd=_version(etcd), servers=["k1", "k2", "k3"])
    try:
        World(options.seed, folder, options.server.resolve(), etcd, seen).run(seconds, options.at_least, options.faults)
    finally:
        seen.close()
    print(f"The record is {os.path.relpath(path)}; logs are in {os.path.relpath(folder)}.")
    return _check(path)


def _check(path: Path) -> int:
    history = History(record.read(path))
    broken = rules.check(history)
    for line in report.lines(history, broken):
        print(line)
    return 1 if any(broken.values()) else 0


def _version(etcd: Optional[Path]) -> str:
    ran = subprocess.run(["etcd", "--version"], env={**os.environ, "PATH": place.search_path(etcd)}, capture_output=True, text=True,
                         check=True)
    return ran.stdout.splitlines()[0].replace(" Version:", "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="soak machines", description="Three etcd members and three servers of Klock, with faults.")
    parser.add_argument("--minutes", type=float, default=_USUAL_MINUTES, help="how long faults are made (30)")
    parser.add_argument("--seconds", type=float, help="the same, in seconds")
    parser.add_argument("--at-least", type=int, default=1, metavar="N", help="go on until so many faults were made (1)")
    parser.add_argument("--seed", type=int, default=1, help="chooses which faults come when (1)")
    parser.add_argument("--server", type=Path, default=place.SERVER, help="the server program (dist/bin/klock-server)")
    parser.add_argument("--etcd", type=Path, metavar="DIR", help="a folder with another etcd and etcdctl")
    parser.add_argument("--faults", type=_names, default=list(faults.ALL), metavar="NAME,…", help=", ".join(faults.ALL))
    parser.add_argument("--record", type=Path, metavar="FILE", help="where the record is written")
    parser.add_argument("--check", type=Path, metavar="FILE", help="check the record of an earlier run")
    return parser


def _names(text: str) -> List[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in faults.ALL:
            raise argparse.ArgumentTypeError(f"'{name}' is no fault; they are {', '.join(faults.ALL)}")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
