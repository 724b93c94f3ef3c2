import { Klock } from './klock.mjs';

/** No window at all: each edit's lease ends with it. */
export class KlockNoWindow extends Klock {
  static title = 'klock-idle-0s';
  static about = 'Klock with idle = 0s: a lease ends with its edit.';

  idle = '0s';
}

/** The longest window that can be set. */
export class KlockLongWindow extends Klock {
  static title = 'klock-idle-10m';
  static about = 'Klock with idle = 10m, the longest that can be set: a lease stays until somebody wants it, or the turn ends.';

  idle = '10m';
}
