import { Klock } from './klock.mjs';

/** The model does what Klock tells it: work elsewhere when refused, and hurry when somebody waits. */
export class KlockNotices extends Klock {
  static title = 'klock-notices';
  static about = 'Klock with wait = 5s: a refused agent does other edits first; who hears that somebody waits thinks half as long next.';

  waitMs = 5_000;
  #heard = 0;

  heard(agent, text) {
    this.#heard++;
    if (/ waits for /.test(text)) agent.isHurried = true;
  }

  async close() {
    return { ...(await super.close()), notices: this.#heard };
  }
}

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
