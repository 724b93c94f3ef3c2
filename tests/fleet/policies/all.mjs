// The policies, in the order of the table. A new one: a class as in policy.mjs, and its name here.
import { Guard } from './guard.mjs';
import { Klock } from './klock.mjs';
import { KlockClaim } from './klock_claim.mjs';
import { KlockHeld, KlockHeldLong } from './klock_held.mjs';
import { KlockLongWindow, KlockNoWindow } from './klock_idle.mjs';
import { KlockNotices } from './klock_notices.mjs';
import { KlockReserve } from './klock_reserve.mjs';
import { Lock } from './lock.mjs';
import { LockCall } from './lock_call.mjs';
import { Manifest } from './manifest.mjs';
import { Policy } from './policy.mjs';
import { WorkTrees } from './worktrees.mjs';

export const policies = [
  Policy, Guard, Lock, LockCall, Manifest, WorkTrees, Klock, KlockNoWindow, KlockLongWindow, KlockNotices, KlockReserve, KlockHeld,
  KlockHeldLong, KlockClaim,
];
