"""The working directory was deleted: what does not need it works, and the rest fails with a clear error."""

import subprocess
import sys

PROGRAM = """
import os, sys
folder, place = sys.argv[1:]
os.mkdir(folder)
os.chdir(folder)
os.rmdir(folder)
from klock import Klock, KlockClient, KlockError, KlockHttpClient, canonical_path, klock_protected

client = KlockHttpClient(place) if place.startswith("http") else KlockClient(place)
klock = Klock(client, "a")
with klock.file("/abs/a.py") as guard, klock.resource("CUSTOM", "deploy"), klock.resource("SYMBOL", "/abs/b.py#f"):
    guard.check()
    print(sorted(lease["resource"] for lease in klock.list_leases()))
lease = client.acquire_lease("a", "s", "FILE", "relative", "MUTATES", 1_000)
print(client.release_lease(lease["lease_id"]), canonical_path("/abs/x"), canonical_path("x", cwd="/abs"))
print(klock_protected(klock, None, None, "FILE", lambda call: call["path"])(lambda path: klock.active_lease_count())("/abs/a.py"))
try:
    klock.file("relative.py")
except ValueError as error:
    print(error.code)
print(klock.active_lease_count())
"""


def test_what_needs_no_working_directory_works(tmp_path, storage, server):
    for place in (storage, server):
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / "gone"), place]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        expected = [
            "['CUSTOM:deploy', 'FILE:/abs/a.py', 'SYMBOL:/abs/b.py#f']",
            "True ('/abs/x', None) ('/abs/x', None)",
            "1",
            "INVALID_REQUEST",
            "0",
        ]
        assert (ran.stdout.splitlines(), ran.stderr) == (expected, "")
