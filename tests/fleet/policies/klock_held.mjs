import { SessionLeases } from '../session_leases.mjs';
import { Klock } from './klock.mjs';

/** What a window would be that waiters do not end: a lease around each file, beside that of the hook. */
export class KlockHeld extends Klock {
  static title = 'klock-held-20s';
  static about = 'Klock, and a lease around each file that lasts until 20 s after its last edit, whoever waits.';

  windowMs = 20_000;
  idle = '0s'; // what hooks take besides ends at once

  async open() {
    await super.open();
    this.leases = new SessionLeases(this.fleet, this.hooks.programs);
  }

  async beforeEdit(agent, edit, change) {
    this.leases.last(agent, edit.file, 3_600_000);
    if (!this.leases.has(agent, edit.file) && !(await this.leases.take(agent, [edit.file]))) {
      await this.leases.release(agent); // who waits holds nothing
      const from = this.clock.now;
      const isGranted = await this.leases.take(agent, [edit.file], this.waitMs);
      agent.blocked(edit, [edit.file], from);
      if (!isGranted) return { isRefused: true };
    }
    return super.beforeEdit(agent, edit, change);
  }

  async afterEdit(agent, edit, change, isPossible) {
    await super.afterEdit(agent, edit, change, isPossible);
    this.leases.stay(agent);
    this.leases.last(agent, edit.file, this.windowMs);
  }

  async beforeCommand(agent, command, files) {
    await this.leases.release(agent); // the series is over
    return super.beforeCommand(agent, command, files);
  }
}

/** A longer one. */
export class KlockHeldLong extends KlockHeld {
  static title = 'klock-held-60s';
  static about = 'The same with 60 s.';

  windowMs = 60_000;
}
