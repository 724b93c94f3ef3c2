#!/usr/bin/env python3
"""Runs klock on a pseudo terminal, as two people would, and draws what they see: record.py KLOCK OUTPUT.svg

What differs from run to run (ids, tokens, times, folders) is replaced, so that the same klock makes the same picture.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

from drawing import draw
from tables import Numbers, steady_tables

COLUMNS = 92
LIMIT_S = 60

# Who types what. A command that ends in & waits in the background; "wait" shows what it said in the end.
SCRIPT = (
    ("ann", "klock install claude | head -1"),
    ("ann", 'klock acquire --file src/auth.ts --note "new login"'),
    ("bob", "klock acquire --file src/auth.ts"),
    ("bob", "klock acquire --file src/auth.ts --wait 30s &"),
    ("ann", "klock status"),
    ("ann", "klock release src/auth.ts"),
    ("bob", "wait"),
)


def clean_environment(klock, folder):
    """Nothing of the caller's own Klock."""
    return {"PATH": os.path.dirname(klock) + os.pathsep + os.environ["PATH"], "HOME": os.path.dirname(folder), "LC_ALL": "C.UTF-8"}


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, command, who, folder, klock):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        environment = {**clean_environment(klock, folder), "TERM": "xterm-256color", "KLOCK_AGENT_ID": who, "KLOCK_SESSION_ID": "1"}
        self.process = subprocess.Popen(
            ["bash", "-c", command], stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=environment, start_new_session=True
        )
        os.close(slave)

    def end(self):
        """All that it showed, once it has ended. One that does not end in time is killed."""
        shown = b""
        deadline = time.monotonic() + LIMIT_S
        while True:
            if not select.select([self.master], [], [], max(deadline - time.monotonic(), 0))[0]:
                self.process.kill()
                raise TimeoutError(f"{self.process.args} did not end within {LIMIT_S} s")
            try:
                part = os.read(self.master, 65536)
            except OSError:  # Linux ends a terminal so, when nobody has its other side open
                break
            shown += part
        self.process.wait(LIMIT_S)
        os.close(self.master)
        return shown.decode().replace("\r\n", "\n")


def wait_until_queued(klock, folder, waiting):
    """The waiting command must be in the queue before the holder lets go."""
    while waiting.process.poll() is None:
        ran = subprocess.run(
            [klock, "why", "src/auth.ts"], cwd=folder, capture_output=True, text=True, check=True, timeout=LIMIT_S,
            env=clean_environment(klock, folder),
        )
        if re.search(r"^waiting\t", ran.stdout, re.MULTILINE):
            return
        time.sleep(0.05)
    raise RuntimeError(f"it did not wait, but ended: {waiting.end()}")


def play(klock, folder):
    """The scenes: who, what was typed, what was shown."""
    scenes, waiting, numbers = [], None, Numbers()
    for who, command in SCRIPT:
        if command == "wait":
            scenes.append((who, "", numbers.replace(steady(waiting.end(), folder))))
        elif command.endswith(" &"):
            waiting = Terminal(command[:-2], who, folder, klock)
            scenes.append((who, command[:-2], ""))
            wait_until_queued(klock, folder, waiting)
        else:
            shown = steady(Terminal(command, who, folder, klock).end(), folder)
            scenes.append((who, command, numbers.replace(shown)))
    return scenes


def steady(text, folder):
    """What was shown, without what differs from run to run."""
    text = re.sub(r"[^\n]*\x1b\[K", "", text).replace("\r", "")  # how long it has waited so far: written over again and again
    text = text.replace(folder, "~/shop")
    text = re.sub(r"klock \d+\.\d+\.\d+\S*", "klock", text)
    text = re.sub(r"since \d+(\.\d+)? m?s, for at most \d+(\.\d+)? s more", "since 2 s, for at most 58 s more", text)
    return steady_tables(text)


def main(klock, output):
    with tempfile.TemporaryDirectory() as home:
        folder = os.path.join(os.path.realpath(home), "shop")
        os.makedirs(os.path.join(folder, "src"))
        subprocess.run(["git", "init", "-q", folder], check=True)
        with open(os.path.join(folder, "src", "auth.ts"), "w", encoding="utf-8") as file:
            file.write("export {};\n")
        scenes = play(os.path.abspath(klock), folder)
    with open(output, "w", encoding="utf-8") as file:
        file.write(draw(scenes, COLUMNS))


if __name__ == "__main__":
    main(*sys.argv[1:])
