"""The client of a server, which is started when there is none."""

import os

from klock import KlockHttpClient

client = KlockHttpClient(base_url=os.environ.get("KLOCK_URL", "http://localhost:3100"), timeout_ms=5000, auto_start=True)
print("may start a server:", client.auto_start_enabled(), "- turned off:", client.auto_start_disabled_by_env())
client.register_agent("refactor-bot", 100)
client.register_agent("lint-bot", 200)
print("started one:", client.last_started_pid() is not None)

lease = client.acquire_lease("refactor-bot", "session-1", "FILE", "/src/auth.ts", "MUTATES", 60000)
print(lease["success"], lease["agent_id"], lease["resource"], lease["predicate"])
refused = client.acquire_lease("lint-bot", "session-2", "FILE", "/src/auth.ts", "MUTATES", 60000)
print(refused["success"], refused["reason"], refused["wait_time"])
print("renewed:", client.heartbeat_lease(lease["lease_id"]))
for active in client.list_leases():
    print(active["agent_id"], active["resource"])
manifest = {
    "agent_id": "lint-bot",
    "session_id": "session-2",
    "intents": [{"predicate": "MUTATES", "resource_type": "FILE", "resource_path": "/src/auth.ts"}],
}
verdict = client.declare_intent(manifest)
print(verdict["status"], verdict["held_by"])
print("released:", client.release_lease(lease["lease_id"]), client.release_lease(lease["lease_id"]))
print("evicted:", client.evict_expired())
client.shutdown()

# It prints:
#   may start a server: True - turned off: False
#   started one: True
#   True refactor-bot FILE:/src/auth.ts MUTATES
#   False DIE 1000
#   renewed: True
#   refactor-bot FILE:/src/auth.ts
#   Die refactor-bot
#   released: True False
#   evicted: 0
