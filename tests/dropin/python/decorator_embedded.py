"""The decorator over the kernel in this process."""

import asyncio

from klock import KlockClient, KlockConflictError, klock_protected

client = KlockClient()
client.register_agent("old", 100)
client.register_agent("young", 200)


def path_of(kwargs):
    return kwargs["path"]


@klock_protected(client, "old", "session-1", "FILE", path_of)
def write(path, text):
    return f"{len(client.list_leases())} lease, {len(text)} characters"


@klock_protected(client, "young", "session-2", "FILE", path_of, max_retries=0)
async def delete(path):
    return "deleted"


print(write("/src/auth.ts", "hello"))
held = client.acquire_lease("old", "session-1", "FILE", "/src/auth.ts", "MUTATES", 60000)
try:
    asyncio.run(delete(path="/src/auth.ts"))
except KlockConflictError as error:
    print(error.agent_id, error.resource_path, error.reason)
client.release_lease(held["lease_id"])
print(asyncio.run(delete(path="/src/auth.ts")))
try:
    write(text="no path", path=None)
except ValueError as error:
    print("ValueError:", "path" in str(error))

# It prints:
#   1 lease, 5 characters
#   young /src/auth.ts DIE
#   deleted
#   ValueError: True
