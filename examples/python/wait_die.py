"""Wait-Die, step by step: why two agents that each want what the other has never wait for each other for ever.

Ann is older than Bob (the lower priority is the more senior). Both take a file and then want the other's. An elder may wait for a younger
one; a younger one that holds something is told to die: to let go, read again and start over. So waits run from old to young only, and no
circle can close.

usage: python wait_die.py     (where klock is installed)
"""

import threading
import time
import uuid

from klock import KlockClient

run = uuid.uuid4().hex  # a session is one run of an agent: never a constant, or two runs would not exclude each other
client = KlockClient()
client.register_agent("ann", 1)
client.register_agent("bob", 2)


def ask(agent, path, wait_ms=0):
    answer = client.acquire_lease(agent, run, "FILE", path, "MUTATES", 60_000, wait_ms=wait_ms)
    print(f"{agent} asks for {path}: {'GRANT' if answer['success'] else answer['reason']}")
    return answer


def until(kind, agent):
    """Until the store tells that of an agent: only so that the steps below come in order."""
    while not any((event["kind"], event.get("agent_id")) == (kind, agent) for event in client.events()):
        time.sleep(0.001)
    print(f"{agent} waits: {kind}")


ask("ann", "a.py")
ask("bob", "b.py")

# Bob is younger than who is in his way, and holds b.py: he must not wait for her, for she may come to want it.
ask("bob", "a.py", wait_ms=30_000)

# Ann does, and may wait: she is older than all in her way.
ann = threading.Thread(target=ask, args=("ann", "b.py", 30_000))
ann.start()
until("QUEUED", "ann")

# Bob does as he was told. What he lets go is Ann's at once.
print("bob lets go of all he holds")
client.end_session("bob", run)
ann.join()

# He starts over holding nothing, and so may wait for an elder: nobody can wait for him.
bob = threading.Thread(target=ask, args=("bob", "a.py", 30_000))
bob.start()
until("PARKED", "bob")
print("ann is done")
client.end_session("ann", run)
bob.join()
