"""The machines' network: a bridge in this process's own network namespace, and a namespace for each host at the end of a cable."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import List

_BRIDGE = "hub"
_NETWORK = "10.77.0"
# The hardware address of nobody.
_NOWHERE = "02:00:00:00:00:fe"


def _ip(*arguments: str) -> None:
    ran = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise OSError(f"ip {' '.join(arguments)}: {ran.stderr.strip()}")


def make_hub() -> None:
    """Makes the bridge; whoever runs in this process's namespace reaches all hosts over it."""
    # Names of network namespaces are files: these are not those of the machine.
    Path("/run/netns").mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run/netns"], check=True)
    _ip("link", "set", "lo", "up")
    _ip("link", "add", _BRIDGE, "type", "bridge")
    _ip("addr", "add", f"{_NETWORK}.1/24", "dev", _BRIDGE)
    _ip("link", "set", _BRIDGE, "up")


class Host:
    """A machine of the network."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.address = name, f"{_NETWORK}.{number}"
        _ip("netns", "add", name)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", name, "master", _BRIDGE)
        _ip("link", "set", name, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        _ip("-n", name, "link", "set", "eth0", "up")

    def command(self, program: str, *arguments: str) -> List[str]:
        """What runs a program on this machine; the process has the number of whoever starts it."""
        return ["ip", "netns", "exec", self.name, program, *arguments]

    def isolate(self) -> None:
        """Pulls the plug."""
        _ip("link", "set", self.name, "down")

    def rejoin(self) -> None:
        """Puts it back."""
        _ip("link", "set", self.name, "up")

    def cut_from(self, other: "Host") -> None:
        """Nothing gets from here to the other one or back: what is sent goes to a hardware address that nobody has, without an error."""
        for one, far in ((self, other), (other, self)):
            _ip("-n", one.name, "neigh", "replace", far.address, "lladdr", _NOWHERE, "dev", "eth0", "nud", "permanent")

    def reach_again(self, other: "Host") -> None:
        """Ends that."""
        for one, far in ((self, other), (other, self)):
            _ip("-n", one.name, "neigh", "del", far.address, "dev", "eth0")
