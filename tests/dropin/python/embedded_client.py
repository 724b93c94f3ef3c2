"""The kernel in this process: no server, one store for all who share the client."""

from klock import KlockClient

client = KlockClient()
client.register_agent("refactor-bot", 100)
client.register_agent("lint-bot", 200)

first = client.acquire_lease("refactor-bot", "session-1", "FILE", "/src/auth.ts", "MUTATES", 60000)
second = client.acquire_lease("lint-bot", "session-2", "FILE", "/src/auth.ts", "MUTATES", 60000)
if first["success"]:
    print("refactor-bot holds", first["resource"])
if not second["success"]:
    print("lint-bot:", second["reason"], second["wait_time"])
print(client.active_lease_count(), "active lease")
print("released:", client.release_lease(first["lease_id"]))
print(client.active_lease_count(), "active leases")

# It prints:
#   refactor-bot holds FILE:/src/auth.ts
#   lint-bot: DIE 1000
#   1 active lease
#   released: True
#   0 active leases
