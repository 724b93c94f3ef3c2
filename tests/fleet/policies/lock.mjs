import { Policy } from './policy.mjs';
import { COST } from '../agent.mjs';

/** A lock a file, from its first edit to the commit. Who is refused does other work, then tries again after a while. */
export class Lock extends Policy {
  static title = 'lock';
  static about = 'Lock and retry: a file is locked at its first edit and until the commit; who is refused tries again after 10 to 60 s.';

  letsGoAfter = 4;

  async beforeEdit(agent, edit) {
    await this.clock.sleep(COST.hook);
    return this.take(agent, edit);
  }

  take(agent, { file, isWhole }) {
    if (this.ledger.isTaken(agent.number, file)) return { isRefused: true };
    this.ledger.hold(agent.number, file);
    return { isStale: isWhole && agent.isStale(file) }; // the lock's holder looks whether it was changed
  }

  async letGo(agent) {
    this.ledger.freeAll(agent.number);
  }

  async endTask(agent) {
    this.ledger.freeAll(agent.number);
  }
}
