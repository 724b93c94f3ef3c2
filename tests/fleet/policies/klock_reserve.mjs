import { SessionLeases } from '../session_leases.mjs';
import { Klock } from './klock.mjs';

const MOST_MS = 60_000;

/** What SPEC 9 could do: the second try at an edit that was refused as stale is not stale again. */
export class KlockReserve extends Klock {
  static title = 'klock-reserve';
  static about = 'Klock, and a file whose edit was refused as stale is kept for that agent until it edits it, for 60 s at the most.';

  idle = '0s'; // else `klock acquire` would be refused beside an idle lease of the same session

  async open() {
    await super.open();
    this.leases = new SessionLeases(this.fleet, this.hooks.programs);
  }

  async beforeEdit(agent, edit, change) {
    const answer = await super.beforeEdit(agent, edit, change);
    if (answer.isStale && !this.leases.has(agent, edit.file) && (await this.leases.take(agent, [edit.file]))) {
      this.leases.last(agent, edit.file, MOST_MS);
    }
    return answer;
  }

  async afterEdit(agent, edit, change, isPossible) {
    await super.afterEdit(agent, edit, change, isPossible);
    await this.leases.release(agent, [edit.file]);
  }
}
