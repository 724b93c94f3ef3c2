"""The decorator over a server: two agents' tools on one file take turns."""

import os
import threading
import time

from klock import KlockHttpClient, klock_protected

client = KlockHttpClient(base_url=os.environ.get("KLOCK_URL", "http://localhost:3100"))
client.register_agent("writer-1", 100)
client.register_agent("writer-2", 200)


def writer(agent_id, session_id):
    @klock_protected(
        klock_client=client,
        agent_id=agent_id,
        session_id=session_id,
        resource_type="FILE",
        resource_path_extractor=lambda kwargs: kwargs["path"],
        predicate="MUTATES",
        ttl_ms=60000,
        max_retries=10,
    )
    def append(path: str, line: str) -> None:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        time.sleep(0.01)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{text}{line}\n")

    return append


open("notes.txt", "w", encoding="utf-8").close()


def work(name):
    append = writer(name, f"session of {name}")
    for number in range(10):
        append(path="notes.txt", line=f"{name}: {number}")


threads = [threading.Thread(target=work, args=(name,)) for name in ("writer-1", "writer-2")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with open("notes.txt", encoding="utf-8") as file:
    print(len(file.readlines()), "of 20 lines are there")
print(client.active_lease_count(), "leases are left")

# It prints:
#   20 of 20 lines are there
#   0 leases are left
