"""Every Python block of the documents runs, in order, as a reader would type it."""

import os
import re
import subprocess
import sys

import pytest

import servers

DOCUMENTS = (
    "README.md", "bindings/python/README.md", "bindings/python/README-langchain.md", "docs/sdk-python.md", "docs/getting-started.md",
    "docs/from-the-original.md",
)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_blocks_of(top, tmp_path, document):
    blocks = BLOCK.findall((top / document).read_text(encoding="utf-8"))
    assert blocks
    environment = {**os.environ, "KLOCK_SERVER_COMMAND": servers.program(), "XDG_STATE_HOME": str(tmp_path / "state")}
    del environment["KLOCK_STORAGE"]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    ran = subprocess.run(
        [sys.executable, "-"], input="\n".join(blocks), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    complaints = [line for line in ran.stderr.splitlines() if not line.startswith("klock: started a server at ")]
    assert (ran.returncode, complaints) == (0, []), f"{ran.stderr}\n{ran.stdout}"
