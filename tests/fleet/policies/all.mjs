// The policies, in the order of the table. A new one: a class as in policy.mjs, and a line here.
import { Klock } from './klock.mjs';
import { KlockClaim, KlockHeld, KlockHeldLong, KlockReserve } from './klock_held.mjs';
import { KlockLongWindow, KlockNotices, KlockNoWindow } from './klock_notices.mjs';
import { Lock } from './lock.mjs';
import { Manifest } from './manifest.mjs';
import { Policy } from './policy.mjs';
import { WorkTrees } from './worktrees.mjs';

export const policies = [
  Policy, Lock, Manifest, WorkTrees, Klock, KlockNoWindow, KlockLongWindow, KlockNotices, KlockReserve, KlockHeld, KlockHeldLong, KlockClaim,
];
