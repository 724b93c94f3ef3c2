import { Policy } from './policy.mjs';
import { COST } from '../agent.mjs';

const MOST_REFUSALS = 6; // in a row; then it commits and lets go, since the other may wait for it

/** A lock a file, from its first edit to the commit. Who is refused does other work, then tries again after a while. */
export class Lock extends Policy {
  static title = 'lock';
  static about = 'Lock and retry: a file is locked at its first edit and until the commit; who is refused tries again after 10 to 60 s.';

  #refusals = new Map();

  async beforeEdit(agent, { file }) {
    await this.clock.sleep(COST.hook);
    if (this.ledger.isTaken(agent.number, file)) {
      const refusals = (this.#refusals.get(agent) ?? 0) + 1;
      this.#refusals.set(agent, refusals);
      return { isRefused: true, letsGo: refusals % MOST_REFUSALS === 0 };
    }
    this.#refusals.delete(agent);
    this.ledger.hold(agent.number, file);
    return { isStale: agent.isStale(file) }; // the lock's holder looks whether it was changed
  }

  async letGo(agent) {
    this.ledger.freeAll(agent.number);
  }

  async endTask(agent) {
    this.ledger.freeAll(agent.number);
  }
}
