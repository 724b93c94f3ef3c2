"""The facade: a file is held while a block works on it."""

import os

from klock import Klock, KlockConflictError

URL = os.environ.get("KLOCK_URL", "http://localhost:3100")

refactor = Klock.local(agent_id="refactor-bot", session_id="session-1", priority=100, base_url=URL)
lint = Klock.local(agent_id="lint-bot", session_id="session-2", priority=200, base_url=URL)

with refactor.file("src/auth.ts"):
    print("refactor-bot edits src/auth.ts")
    try:
        with lint.file("src/auth.ts", mode="mutate", ttl_ms=60000, max_retries=1):
            print("never printed")
    except KlockConflictError as error:
        print(f"{error.agent_id} did not get {error.resource_path}: {error.reason}")
    with lint.file("src/other.ts", mode="read"):
        print("lint-bot reads src/other.ts")

with lint.file("src/auth.ts"):
    print("lint-bot edits src/auth.ts")

# It prints:
#   refactor-bot edits src/auth.ts
#   lint-bot did not get src/auth.ts: DIE
#   lint-bot reads src/other.ts
#   lint-bot edits src/auth.ts
