"""Holds a lease through Klock's Python package, says all the while whether it is lost, and releases it at a word on stdin."""

import sys
import threading
import time

from klock import Klock, KlockClient, KlockHttpClient

place, ttl_ms = sys.argv[1], int(sys.argv[2])
# Its own time-out is not to be what helps.
client = KlockHttpClient(place, timeout_ms=20_000, auto_start=False) if place.startswith("http") else KlockClient(place)
guard = Klock(client, "holder").file("/held", ttl_ms=ttl_ms, max_retries=0)
print("granted", time.monotonic(), guard.lease_id, flush=True)
word = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), word.set()), daemon=True).start()
while not word.wait(0.05):
    now = time.monotonic()
    print("lost" if guard.lost else "step", now, flush=True)
was_held = guard.release()
print("kept" if was_held else "ended", time.monotonic(), flush=True)
