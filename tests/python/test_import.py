"""What an import loads, and what it offers."""

import subprocess
import sys

import klock

SLOW = ("asyncio", "http.client", "inspect", "logging", "secrets", "typing")


def test_a_single_lease_loads_nothing_slow():
    """-S: what a machine puts into every interpreter is not counted."""
    source = f"""
import sys
sys.path.append({str(klock.__path__[0])!r}[:-len("/klock")])
from klock import KlockClient
client = KlockClient()
assert client.release_lease(client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 1000)["lease_id"])
print([name for name in {SLOW} if name in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-S", "-c", source], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_every_name_is_there():
    source = "from klock import *; import klock; print(all(name in globals() and name in dir(klock) for name in klock.__all__))"
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


def test_no_other_name_is():
    try:
        klock.KlockServer
    except AttributeError as error:
        assert "KlockServer" in str(error)
    else:
        raise AssertionError("not reached")
