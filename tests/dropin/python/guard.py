"""The guard by itself: acquired at the call, released by hand."""

from klock import Klock, KlockFileGuard

klock = Klock.embedded(agent_id="refactor-bot", session_id="session-1", priority=100)

guard = klock.file("src/auth.ts", mode="mutate")
print(isinstance(guard, KlockFileGuard))
try:
    print(klock.active_lease_count(), "lease while the file is edited")
finally:
    print("released:", guard.release())
print(klock.active_lease_count(), "leases after it")
print("released again:", guard.release())

# It prints:
#   True
#   1 lease while the file is edited
#   released: True
#   0 leases after it
#   released again: False
