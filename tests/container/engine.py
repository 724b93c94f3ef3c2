"""Builds images with buildah and runs them with crun: what Docker does, on a machine without Docker."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Union

from network import Network

TOP = Path(__file__).resolve().parents[2]
WORK = TOP / "artifacts" / "container"
BASE = "localhost/klock-test-base"
SUITE = "bookworm"
NEEDED = ("buildah", "debootstrap", "crun", "ip")
READY = "klock listening on "
PATIENCE_S = 20
_STORAGE = ["--storage-driver", "vfs", "--root", str(WORK / "storage"), "--runroot", str(WORK / "run")]
_CLONE_NEWNS = 0x00020000


def why_not() -> Optional[str]:
    """Why there can be no containers here; None if there can be."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} cannot be had here"
    if os.geteuid() != 0:
        return "only root may make containers with buildah's chroot isolation"
    return _own_mounts()


def _own_mounts() -> Optional[str]:
    # crun 1.8 refuses a hybrid tree of cgroups, and no cgroup is needed: this process and its children see an empty one.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS) != 0:
        return f"this process may have no mounts of its own: {os.strerror(ctypes.get_errno())}"
    for command in (["mount", "--make-rprivate", "/"], ["mount", "-t", "tmpfs", "none", "/sys/fs/cgroup"]):
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            return f"nothing can be mounted here: {mounted.stderr.strip()}"
    return None


def buildah(*arguments: str) -> str:
    """Runs buildah to its end, and gives its output."""
    ran = subprocess.run(["buildah", *_STORAGE, *arguments], cwd=TOP, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"buildah {arguments}: {ran.stderr}"
    return ran.stdout.strip()


def base_image() -> None:
    """The base image, a plain Debian: made once, since debootstrap takes its time."""
    # What a run that was killed has left behind.
    buildah("rm", "--all")
    if _has_image(BASE):
        return
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        made = subprocess.run(["debootstrap", "--variant=minbase", SUITE, folder], capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout[-2000:]
        # As Debian's own slim images: the vfs storage copies all of it for every layer.
        for spare in ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt/lists"):
            shutil.rmtree(Path(folder) / spare)
        container = buildah("from", "scratch")
        subprocess.run(["cp", "-a", f"{folder}/.", buildah("mount", container)], check=True)
        buildah("commit", "--quiet", "--rm", container, BASE)


def _has_image(name: str) -> bool:
    return subprocess.run(["buildah", *_STORAGE, "inspect", "--type", "image", name], capture_output=True, check=False).returncode == 0


class Unpacked:
    """An image as it is on disk."""

    def __init__(self, config: dict, root: Path) -> None:
        self.config, self.root = config, root

    @property
    def environment(self) -> Dict[str, str]:
        """Its variables."""
        return dict(pair.split("=", 1) for pair in self.config["Env"])

    def new_volume(self, folder: Path) -> Path:
        """A new named volume: a folder that belongs to whom the image's belongs, as every engine makes it."""
        model = (self.root / "data").stat()
        folder.mkdir()
        os.chown(folder, model.st_uid, model.st_gid)
        folder.chmod(model.st_mode & 0o777)
        return folder


class Image(Unpacked):
    """An image that is built from the Dockerfile."""

    def __init__(self, name: str, *arguments: str) -> None:
        WORK.mkdir(parents=True, exist_ok=True)
        self.name = name
        bases = ["--build-arg", f"RUNTIME_IMAGE={BASE}"]
        # Docker's own format: the other one has no health check.
        buildah("bud", "--isolation", "chroot", "--format", "docker", "--quiet", *bases, *arguments, "-t", name, str(TOP))
        config = json.loads(buildah("inspect", "--type", "image", name))["Docker"]["config"]
        self._container = buildah("from", name)
        super().__init__(config, Path(buildah("mount", self._container)))

    def remove(self) -> None:
        """Removes it; the base image stays."""
        buildah("rm", self._container)
        buildah("rmi", "--force", self.name)


@contextlib.contextmanager
def built(name: str, *arguments: str) -> Iterator[Image]:
    """An image, while it is needed."""
    image = Image(name, *arguments)
    try:
        yield image
    finally:
        image.remove()


class Container:
    """A running container: process 1 in namespaces of its own, without any capability, as docker-compose.yml says."""

    def __init__(self, image: Unpacked, arguments: List[str], environment: Dict[str, str], bundle: Path, **how) -> None:
        self.image, self.bundle, self.id = image, bundle, f"klock-{os.getpid()}-{bundle.name}"
        bundle.mkdir(parents=True)
        self.command = arguments if arguments[0].startswith("/") else [*image.config["Entrypoint"], *arguments]
        self.environment = {**image.environment, **environment}
        (bundle / "config.json").write_text(json.dumps(self._spec(**how)), encoding="utf-8")
        self._errors = open(bundle / "stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["crun", "--root", str(bundle / "state"), "--cgroup-manager=disabled", "run", "--bundle", str(bundle),
             "--pid-file", str(bundle / "pid"), self.id],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, text=True)

    def _spec(self, volume: Optional[Path] = None, read_only: bool = True, network: Union[None, int, str] = None,
              files: Optional[Dict[str, Path]] = None, seccomp: Optional[dict] = None) -> dict:
        uid, gid = (int(number) for number in self.image.config["User"].split(":"))
        mounts = [{"destination": "/proc", "type": "proc", "source": "proc"},
                  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=64k"]}]
        binds = {**({"/data": volume} if volume else {}), **(files or {})}
        mounts += [{"destination": to, "type": "bind", "source": str(source), "options": ["bind", "rw"]} for to, source in binds.items()]
        spaces = [{"type": name} for name in ("pid", "ipc", "uts", "mount")]
        if network != "host":
            spaces.append({"type": "network", **({"path": f"/proc/{network}/ns/net"} if network else {})})
        return {
            "ociVersion": "1.0.2", "root": {"path": str(self.image.root), "readonly": read_only}, "mounts": mounts,
            "process": {
                "args": self.command, "cwd": self.image.config["WorkingDir"], "user": {"uid": uid, "gid": gid},
                "env": [f"{name}={value}" for name, value in self.environment.items()],
                "noNewPrivileges": True, "capabilities": {},
            },
            "linux": {"namespaces": spaces, **({"seccomp": seccomp} if seccomp else {})},
        }

    @property
    def pid(self) -> int:
        """Process 1 of the container, by its number outside."""
        return int((self.bundle / "pid").read_text())

    @property
    def errors(self) -> str:
        """What it wrote on stderr so far."""
        return (self.bundle / "stderr").read_text(encoding="utf-8")

    @property
    def network(self) -> Network:
        """The way to it."""
        return Network(self.pid)

    def until_ready(self) -> str:
        """Waits for the ready line, and gives it."""
        line = self.process.stdout.readline()
        assert line.startswith(READY), f"it said {line!r}, ended with {self.process.poll()}: {self.errors}"
        return line

    def run(self, command: List[str]) -> "subprocess.CompletedProcess[str]":
        """Runs a command in it, as docker exec and the health check do."""
        return run_in(self.bundle, self.id, command)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends process 1 a signal; the exit code, once it has ended."""
        os.kill(self.pid, number)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """Ends it in any case."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(self.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        self._errors.close()
        subprocess.run(["crun", "--root", str(self.bundle / "state"), "delete", "--force", self.id], capture_output=True, check=False)


def run_in(bundle: Path, name: str, command: List[str]) -> "subprocess.CompletedProcess[str]":
    """Runs a command in a running container, with its user and variables."""
    into = ["crun", "--root", str(bundle / "state"), "--cgroup-manager=disabled", "exec"]
    return subprocess.run([*into, name, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
