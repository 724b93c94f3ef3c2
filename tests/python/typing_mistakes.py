"""Mistakes that mypy must find: one on each line that says so. Never run: see test_typing.py."""

from klock import Klock, KlockClient, KlockError, canonical_path, klock_protected

KlockClient(5)  # mistake: arg-type
client = KlockClient()
client.register_agent("a", "high")  # mistake: arg-type
result = client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", "60000")  # mistake: arg-type
client.acquire_lease("a", "s", "FILE", "/a", "MUTATES")  # mistake: call-arg
client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, 5)  # mistake: misc
client.acquire_lease("a", "s", "FILE", "/a", "MUTATES", 60_000, wait_ms="5")  # mistake: arg-type
client.acquire_all("a", "s", "intents", 60_000)  # mistake: arg-type
client.change_lease("id", "CONSUMES", 5)  # mistake: misc
if result["success"]:
    print(result["reason"])  # mistake: typeddict-item
else:
    print(result["lease_id"])  # mistake: typeddict-item
count: str = client.active_lease_count()  # mistake: assignment
client.release_lease(b"id")  # mistake: arg-type
client.declare_intent([])  # mistake: arg-type
print(client.events()[0]["lease_id"])  # mistake: typeddict-item
canonical_path(5)  # mistake: arg-type
KlockError("CLOSED", "text").kode  # mistake: attr-defined
client.acquire_lease("a", "s", "FOLDER", "/a", "MUTATES", 60_000)  # mistake: arg-type
client.acquire_lease("a", "s", "FILE", "/a", "WRITES", 60_000)  # mistake: arg-type
Klock(client).file("a", "write")  # mistake: arg-type
Klock("memory")  # mistake: arg-type
klock_protected(5, None, None, "FILE", lambda call: "a")  # mistake: arg-type


@klock_protected(client, None, None, "FILE", lambda call: "a")
def tool(path: str) -> int:
    return len(path)


tool(5)  # mistake: arg-type
tool()  # mistake: call-arg
text: str = tool("a")  # mistake: assignment
