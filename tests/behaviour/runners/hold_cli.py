"""The command of a `klock run` that holds a lease: says that it is there until a word on stdin, or until it is killed."""

import os
import sys
import threading
import time

print("granted", time.monotonic(), os.environ["KLOCK_LEASE_IDS"].partition(",")[0], flush=True)
word = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), word.set()), daemon=True).start()
while not word.wait(0.05):
    print("step", time.monotonic(), flush=True)
