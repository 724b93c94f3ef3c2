"""Reads docker-compose.yml as Docker Compose does, as far as that file goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Mapping

import yaml

FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


class Service:
    """The service `klock`, with the variables of a shell put in."""

    def __init__(self, shell: Mapping[str, str]) -> None:
        self._shell = shell
        self.project = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        self.fields = self.project["services"]["klock"]

    @property
    def command(self) -> List[str]:
        """What follows the image's entry point."""
        return list(self.fields["command"])

    @property
    def environment(self) -> Dict[str, str]:
        """Its variables: one without a value is the shell's, and none if the shell has none."""
        given = self.fields["environment"]
        chosen = {name: self._shell.get(name) if value is None else self._text(value) for name, value in given.items()}
        return {name: value for name, value in chosen.items() if value is not None}

    @property
    def ports(self) -> List[List[str]]:
        """Address, port on this machine and port in the container of each that is published."""
        return [self._text(port).rsplit(":", 2) for port in self.fields["ports"]]

    @property
    def volumes(self) -> Dict[str, str]:
        """Where each named volume is mounted."""
        return dict(volume.split(":") for volume in self.fields["volumes"])

    def _text(self, text: str) -> str:
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda match: self._shell.get(match[1]) or match[2], text)
