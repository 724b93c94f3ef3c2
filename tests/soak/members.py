"""The members of the etcd cluster, and what its operator does."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import List, Optional

from door import Door, NoAnswer
from network import Host
from place import search_path
from program import Program

CLIENT_PORT, PEER_PORT = 2379, 2380
# Segments of etcd's log have 64 MB each, and are made in advance.
_SMALL_DISK_MB = 512


def text_key(name: str) -> str:
    """A key, as etcd's gateway wants it."""
    return base64.b64encode(name.encode()).decode()


class Member(Program):
    """One of the three. The disk of the third is small, in memory, and can be filled."""

    def __init__(self, host: Host, hosts: List[Host], folder: Path, etcd: Optional[Path]) -> None:
        self.folder = folder / host.name
        self.folder.mkdir()
        self.has_small_disk = host is hosts[-1]
        if self.has_small_disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK_MB}m", "none", str(self.folder)], check=True)
        own = f"http://{host.address}"
        super().__init__(host, [
            shutil.which("etcd", path=search_path(etcd)), "--name", host.name, "--data-dir", str(self.folder / "data"),
            "--listen-client-urls", f"{own}:{CLIENT_PORT}", "--advertise-client-urls", f"{own}:{CLIENT_PORT}",
            "--listen-peer-urls", f"{own}:{PEER_PORT}", "--initial-advertise-peer-urls", f"{own}:{PEER_PORT}",
            "--initial-cluster", ",".join(f"{each.name}=http://{each.address}:{PEER_PORT}" for each in hosts),
            "--initial-cluster-state", "new",
            # So that a member that was away is brought a snapshot now and then, and not the log.
            "--snapshot-count", "2000", "--max-wals", "2", "--max-snapshots", "2", "--logger", "zap", "--log-level", "warn",
        ], folder / f"{host.name}.log")

    def ask(self, path: str, body: dict, timeout_s: float = 1.0) -> dict:
        """A call of its gateway.

        Raises:
            NoAnswer: none came, or it was no success.
        """
        door = Door(self.host.address, CLIENT_PORT)
        try:
            status, answer = door.ask("POST", f"/v3/{path}", body, timeout_s)
        finally:
            door.close()
        if status != 200:
            raise NoAnswer(f"{self.name}: {answer}")
        return answer

    def fill_disk(self) -> None:
        """Leaves no byte."""
        with open(self.folder / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(1024 * 1024))
            except OSError:
                pass

    def empty_disk(self) -> None:
        """Removes what filled it."""
        (self.folder / "ballast").unlink()


class Cluster:
    """All members."""

    def __init__(self, hosts: List[Host], folder: Path, etcd: Optional[Path]) -> None:
        self.members = [Member(host, hosts, folder, etcd) for host in hosts]
        self._control = shutil.which("etcdctl", path=search_path(etcd))

    def start(self) -> None:
        """Starts all, and waits until they serve."""
        for member in self.members:
            member.start()
        deadline = time.monotonic() + 30
        while self.leader() is None:
            if time.monotonic() > deadline:
                raise TimeoutError("etcd does not start")
            time.sleep(0.1)

    def leader(self) -> Optional[Member]:
        """The member that leads, as it says itself."""
        for member in self.members:
            try:
                answer = member.ask("maintenance/status", {}, timeout_s=0.5)
            except NoAnswer:
                continue
            if answer.get("leader") and answer["leader"] == answer["header"]["member_id"]:
                return member
        return None

    def ask(self, path: str, body: dict, timeout_s: float = 1.0) -> dict:
        """A call of any member that answers."""
        trouble: Optional[NoAnswer] = None
        for member in self.members:
            try:
                return member.ask(path, body, timeout_s)
            except NoAnswer as silent:
                trouble = silent
        raise trouble

    def revision(self) -> int:
        """The latest one."""
        return int(self.ask("kv/range", {"key": text_key("klock/head")})["header"]["revision"])

    def compact(self) -> None:
        """Forgets all old revisions."""
        self.ask("kv/compaction", {"revision": self.revision()})

    def fill_quota(self) -> None:
        """Has a member raise the alarm that it raises itself when the quota is full: from then on the cluster stores nothing."""
        member = self.ask("maintenance/status", {})["header"]["member_id"]
        self.ask("maintenance/alarm", {"action": "ACTIVATE", "memberID": member, "alarm": "NOSPACE"}, timeout_s=5)

    def heal_quota(self) -> None:
        """The three commands that Klock names."""
        self.control("compact", str(self.revision()))
        for _ in range(3):
            try:
                self.control("defrag", "--cluster")
                break
            except OSError:
                # A member of etcd 3.5.16 that is read while it is defragmented can crash (a nil pointer in Range). It is started again, as
                # a supervisor would do.
                self.start()
        else:
            raise OSError("the members cannot be defragmented")
        self.control("alarm", "disarm")

    def control(self, *arguments: str) -> None:
        """Runs etcdctl."""
        urls = ",".join(f"http://{member.host.address}:{CLIENT_PORT}" for member in self.members)
        ran = subprocess.run([self._control, "--endpoints", urls, "--command-timeout", "10s", *arguments],
                             env={**os.environ, "ETCDCTL_API": "3"}, capture_output=True, text=True, check=False)
        # That another has compacted further is no failure.
        if ran.returncode != 0 and "has been compacted" not in ran.stderr:
            raise OSError(f"etcdctl {' '.join(arguments)}: {ran.stderr.strip()}")
