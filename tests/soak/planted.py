"""Bugs, each a change of one line of Klock, that a minute of faults must find.

    python3 tests/soak/planted.py [WORD]      plants those whose name has the word, all without one; takes a minute and a half each

Exit code 0: each is found. The servers are built from a copy of the sources, in artifacts/soak/planted, without ahead-of-time compilation.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, NamedTuple

import place

_TREE = place.WORK / "planted"
_STORE = "src/Klock.Coordinator/Stores/Replicated"
_SECONDS, _SEED = 60, 1


class Bug(NamedTuple):
    """A change of one line.

    Attributes:
        name: what the server then does wrong.
        file: from the top of the repository.
        original: a piece of one line that stands in the file exactly once.
        mutated: what stands there instead.
        faults: those that can show it; all when left out.
    """

    name: str
    file: str
    original: str
    mutated: str
    faults: str = ""

    def apply_to(self, text: str) -> str:
        """The text with it.

        Raises:
            ValueError: it does not fit any more.
        """
        if text.count(self.original) != 1:
            raise ValueError(f"the planted bug '{self.name}' no longer fits: '{self.original}' must stand in {self.file} exactly once")
        return text.replace(self.original, self.mutated)


ALL = [
    Bug("times not shifted", f"{_STORE}/Replica.cs",
        "Event shifted = happened.Shifted(_clock.NowMs - happened.AtMs);", "Event shifted = happened;"),
    Bug("reads not confirmed", f"{_STORE}/Decider.cs",
        "isCurrent || portion.Commands.All(", "true || portion.Commands.All(",
        "server cut from all members,server paused,leader cut from its peers"),
    Bug("head not compared", "src/Klock.Storage.Etcd/EtcdJournal.cs",
        "Compare = { Guard(batch.After) },", "Compare = { },"),
    Bug("ttl from a load skipped", f"{_STORE}/Replica.cs",
        "Event shifted = happened.Shifted(_clock.NowMs - happened.AtMs);",
        "Event shifted = happened.Shifted(_table is null ? 0 : _clock.NowMs - happened.AtMs);",
        "server killed,two servers killed,server stopped"),
    Bug("a snapshot without the last leases", f"{_STORE}/Replica.cs",
        "return new JournalSnapshot(Head, state.Events, shown.Events, shownAfter)",
        "return new JournalSnapshot(Head, [.. state.Events.Where(each => each.FencingToken < Head - 40)], shown.Events, shownAfter)",
        "server killed,two servers killed,server stopped"),
    Bug("a batch that does not name the one before it", f"{_STORE}/Decider.cs",
        "{ Before = at.Last,", "{ Before = at.Last with { Number = 0 },", "server killed"),
]


def main(arguments: List[str]) -> int:
    """Plants one after the other."""
    word = arguments[0] if arguments else ""
    print("[sources] building ...", flush=True)
    _copy_sources()
    _dotnet_build("Klock.Server")
    missed = [bug.name for bug in ALL if word in bug.name and not _is_found(bug)]
    if missed:
        print(f"Not found: {', '.join(missed)}.")
    return 1 if missed else 0


def _is_found(bug: Bug) -> bool:
    print(f"[{bug.name}] building ...", flush=True)
    server = _build(bug)
    faults = ["--faults", bug.faults] if bug.faults else []
    record = place.WORK / f"planted-{ALL.index(bug)}.jsonl"
    ran = subprocess.run([sys.executable, "-B", str(Path(__file__).with_name("run.py")), "--seconds", str(_SECONDS), "--seed", str(_SEED),
                          "--server", str(server), "--record", str(record), *faults], capture_output=True, text=True, check=False)
    broken = [line for line in ran.stdout.splitlines() if "BROKEN" in line]
    found = "\n    ".join(["  found:", *broken])
    print(found if broken else f"  NOT FOUND\n{ran.stdout}{ran.stderr}", flush=True)
    return bool(broken)


# A change within a method needs no more than its own project compiled again.
def _build(bug: Bug) -> Path:
    file, project = _TREE / bug.file, bug.file.split("/")[1]
    original = file.read_text(encoding="utf-8")
    try:
        file.write_text(bug.apply_to(original), encoding="utf-8")
        _dotnet_build(project, "--no-restore", "-p:BuildProjectReferences=false")
    finally:
        file.write_text(original, encoding="utf-8")
    folder = place.WORK / "planted-server"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_built("Klock.Server"), folder)
    shutil.copy(_built(project) / f"{project}.dll", folder)
    return folder / "klock-server"


# A program's folder is named after its machine too.
def _built(project: str) -> Path:
    return next((_TREE / "artifacts" / "bin" / project).glob("release*"))


def _dotnet_build(project: str, *arguments: str) -> None:
    built = subprocess.run(["dotnet", "build", f"src/{project}", "-c", "Release", "-v", "quiet", "-p:RunAnalyzers=false", *arguments],
                           cwd=_TREE, capture_output=True, text=True, check=False)
    if built.returncode != 0:
        raise OSError(f"{project} does not compile:\n{built.stdout[-3000:]}")


# Only what has changed, so that a build after another one has little to do.
def _copy_sources() -> None:
    listed = subprocess.run(["git", "ls-files", "src", "*.props", "*.targets", "global.json", "BannedSymbols.txt", ".editorconfig"],
                            cwd=place.TOP, capture_output=True, text=True, check=True)
    names = listed.stdout.split()
    for gone in (file for file in (_TREE / "src").rglob("*") if file.is_file() and file.relative_to(_TREE).as_posix() not in names):
        gone.unlink()
    for name in names:
        target = _TREE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != (place.TOP / name).read_bytes():
            shutil.copyfile(place.TOP / name, target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
