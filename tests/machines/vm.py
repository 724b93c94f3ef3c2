"""An emulated arm64 machine: Debian's kernel, its C library and busybox unpacked from their packages, and the products that were built.

Nothing is installed for arm64, and no disk image is made: all of the system is the archive that the kernel unpacks as it starts.
The packages stay in artifacts/machines/downloads.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from cpio import Tree

TOP = Path(__file__).resolve().parents[2]
BUILT = TOP / "artifacts" / "machines" / "linux-arm64" / "dist"
_DOWNLOADS = TOP / "artifacts" / "machines" / "downloads"
_GUEST = Path(__file__).resolve().parent / "guest"
# A meta package would need its newest kernel's name: apt tells it.
_KERNEL = "linux-image-cloud-arm64"
_PACKAGES = ["libc6", "busybox-static"]
_PATTERNS = ["linux-image-*_arm64.deb", "libc6_*_arm64.deb", "busybox-static_*_arm64.deb"]
_LIMIT_S = 400
_CHECK = re.compile(r"@@begin (\w+)\n(.*?)@@end \1 (\d+)", re.DOTALL)


class Check(NamedTuple):
    """What a check of guest/checks.sh printed, and the exit code of its last command."""

    output: str
    code: int


def why_not() -> Optional[str]:
    """Why no machine can be emulated here; None when one can."""
    if platform.machine() != "x86_64":
        return "nothing is cross-compiled on this machine"
    for program, package in (("qemu-system-aarch64", "qemu-system-arm"), ("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu")):
        if shutil.which(program) is None:
            return f"{program} is missing (Debian: {package})"
    if shutil.which("dpkg-deb") is None:
        return "the system of the emulated machine is unpacked from Debian's packages, and there is no dpkg-deb"
    try:
        _packages()
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return f"the packages of the emulated machine's system could not be had: {said[-1] if said else error}"
    return None


def run(folder: Path) -> "tuple[Dict[str, Check], str]":
    """Boots the machine in ``folder``, lets it run guest/checks.sh and switch itself off: the checks, and all that its console showed.

    Raises:
        subprocess.TimeoutExpired: It did not end.
        subprocess.CalledProcessError: The host program does not compile.
    """
    kernel = _unpack(folder / "system")
    tree = Tree()
    for empty in ("proc", "sys", "dev", "tmp", "bin", "etc"):
        tree.folder(empty)
    tree.take(folder / "system" / "root")
    for name, to in (("init", "init"), ("checks.sh", "checks.sh")):
        tree.file(to, (_GUEST / name).read_bytes())
    for program in ("klock", "klock-server"):
        tree.file(f"bin/{program}", (BUILT / "bin" / program).read_bytes())
    tree.file("lib/libklock.so.1", (BUILT / "lib" / "libklock.so").read_bytes())
    tree.file("bin/use_library", _compile(folder / "use_library").read_bytes())
    tree.file("etc/passwd", b"root:x:0:0:root:/tmp:/bin/sh\n", 0o644)
    tree.write(folder / "root.cpio.gz")
    shown = _boot(kernel, folder / "root.cpio.gz")
    return {name: Check(output, int(code)) for name, output, code in _CHECK.findall(shown)}, shown


def _boot(kernel: Path, root: Path) -> str:
    command: List[str] = [
        "qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "1024", "-accel", "tcg,thread=multi",
        "-nic", "none", "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
        "-kernel", str(kernel), "-initrd", str(root), "-append", "console=ttyAMA0 quiet panic=-1 rdinit=/init",
    ]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT_S, check=False)
    return (ended.stdout + ended.stderr).decode("utf-8", "replace").replace("\r\n", "\n")


def _compile(to: Path) -> Path:
    library = BUILT / "lib" / "libklock.so"
    command = ["aarch64-linux-gnu-gcc", "-Wall", "-Wextra", "-Werror", f"-I{TOP / 'bindings' / 'c' / 'include'}", "-o", str(to),
               str(_GUEST / "use_library.c"), str(library)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return to


def _unpack(to: Path) -> Path:
    """Unpacks what is needed of the packages: ``to``/root is the system. The path of the kernel."""
    everything = to / "all"
    everything.mkdir(parents=True)
    for package in _packages():
        subprocess.run(["dpkg-deb", "-x", str(package), str(everything)], check=True)
    root = to / "root"
    (root / "lib").mkdir(parents=True)
    shutil.copytree(everything / "lib" / "aarch64-linux-gnu", root / "lib" / "aarch64-linux-gnu", symlinks=True)
    (root / "lib" / "ld-linux-aarch64.so.1").symlink_to("aarch64-linux-gnu/ld-linux-aarch64.so.1")
    (root / "bin").mkdir()
    shutil.copy2(everything / "bin" / "busybox", root / "bin" / "busybox")
    return next((everything / "boot").glob("vmlinuz-*"))


def _packages() -> List[Path]:
    """The packages, downloaded when they are not there yet."""
    found = [sorted(_DOWNLOADS.glob(pattern)) for pattern in _PATTERNS]
    if not all(found):
        for folder in ("lists/partial", "cache/archives/partial"):
            (_DOWNLOADS / folder).mkdir(parents=True, exist_ok=True)
        _apt("apt-get", "update")
        kernel = re.search(r"Depends: (linux-image-\S+)", _apt("apt-cache", "depends", _KERNEL))
        if kernel is None:
            raise subprocess.CalledProcessError(1, "apt-cache", stderr=f"apt knows no {_KERNEL} for arm64")
        _apt("apt-get", "download", kernel[1], *_PACKAGES)
        found = [sorted(_DOWNLOADS.glob(pattern)) for pattern in _PATTERNS]
    return [files[-1] for files in found]


def _apt(program: str, *arguments: str) -> str:
    """Runs apt for arm64 alone, with lists and a cache of its own: what it knows of this machine stays as it is, and no root is needed."""
    own = {
        "APT::Architecture": "arm64", "APT::Architectures::": "arm64", "Dir::State::Lists": _DOWNLOADS / "lists",
        "Dir::Cache": _DOWNLOADS / "cache", "Dir::State::Status": "/dev/null", "APT::Sandbox::User": "root",
    }
    options = [part for name, value in own.items() for part in ("-o", f"{name}={value}")]
    return subprocess.run([program, *options, *arguments], cwd=_DOWNLOADS, check=True, capture_output=True, text=True).stdout
