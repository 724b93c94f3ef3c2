"""Reads the systemd unit, and gives the rules that it stands for."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
from pathlib import Path
from typing import Dict, List, Set

FILE = Path(__file__).resolve().parents[2] / "deploy" / "systemd" / "klock.service"
_PROT_EXEC = 4
_MASKED = "SCMP_CMP_MASKED_EQ"


class Unit:
    """The [Service] section: settings that come several times are lists."""

    def __init__(self) -> None:
        parser = configparser.RawConfigParser(strict=False, dict_type=_Lists, delimiters=("=",), comment_prefixes=("#",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(FILE.read_text(encoding="utf-8"))
        self._fields = {name: value.split("\n") for name, value in parser["Service"].items()}

    def one(self, name: str) -> str:
        """A setting that comes once."""
        [value] = self._fields[name]
        return value

    def command(self, state: Path) -> List[str]:
        """What is started, with the folder of the state put in."""
        return shlex.split(self._text("ExecStart", state))

    def environment(self, state: Path) -> Dict[str, str]:
        """The variables that the unit itself sets."""
        return dict(pair.split("=", 1) for pair in shlex.split(self._text("Environment", state)))

    def _text(self, name: str, state: Path) -> str:
        return self.one(name).replace("%S/klock", str(state))

    def seccomp(self) -> dict:
        """Its filters of system calls, as an OCI runtime takes them."""
        allowed: Set[str] = set()
        for line in self._fields["SystemCallFilter"]:
            groups = [call for word in line.lstrip("~").split() for call in (_calls(word) if word[0] == "@" else {word})]
            allowed = allowed - set(groups) if line[0] == "~" else allowed | set(groups)
        assert allowed, "systemd-analyze lists no calls"
        executable = {"index": 2, "value": _PROT_EXEC, "valueTwo": _PROT_EXEC, "op": _MASKED}
        both = {"index": 2, "value": _PROT_EXEC | 2, "valueTwo": _PROT_EXEC | 2, "op": _MASKED}
        assert self.one("MemoryDenyWriteExecute") == "yes" and self.one("SystemCallErrorNumber") == "EPERM"
        return {
            "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
            "syscalls": [
                {"names": sorted(allowed - {"mprotect", "mmap", "pkey_mprotect"}), "action": "SCMP_ACT_ALLOW"},
                {"names": ["mprotect"], "action": "SCMP_ACT_ALLOW", "args": [{**executable, "valueTwo": 0}]},
                *({"names": ["mmap"], "action": "SCMP_ACT_ALLOW", "args": [{**both, "valueTwo": rights}]} for rights in (0, 2, 4)),
            ],
        }


def _calls(group: str) -> Set[str]:
    listed = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", group], capture_output=True, text=True, check=True).stdout
    words = re.findall(r"^\s+([@\w-]+)$", listed, re.MULTILINE)
    return {call for word in words for call in (_calls(word) if word[0] == "@" else {word})}


class _Lists(dict):
    """Keeps all values of a setting that is repeated, one a line."""

    def __setitem__(self, name, value) -> None:
        if isinstance(value, list) and name in self and isinstance(self[name], list):
            self[name].extend(value)
        else:
            super().__setitem__(name, value)
