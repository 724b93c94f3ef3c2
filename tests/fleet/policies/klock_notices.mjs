import { Klock } from './klock.mjs';

/** The model does what Klock tells it: work elsewhere when refused, and hurry when somebody waits. */
export class KlockNotices extends Klock {
  static title = 'klock-notices';
  static about = 'Klock with wait = 5s: a refused agent does other edits first; who hears that somebody waits thinks half as long next.';

  waitMs = 5_000;
  #heard = 0;

  async open() {
    await super.open();
    this.hooks.heard = (agent, text) => {
      this.#heard++;
      if (/ waits for /.test(text)) agent.isHurried = true;
    };
  }

  async close() {
    return { ...(await super.close()), notices: this.#heard };
  }
}
