import { COST } from '../agent.mjs';
import { Policy } from './policy.mjs';

/** A lock a file, only while a tool runs. Who is refused does other work, then tries again after a while. */
export class LockCall extends Policy {
  static title = 'lock-call';
  static about = 'Lock and retry, but only while a tool runs: a file is locked before an edit and free after it.';

  async beforeEdit(agent, edit) {
    await this.clock.sleep(COST.hook);
    if (this.ledger.isTaken(agent.number, edit.file)) return { isRefused: true };
    const isStale = edit.isWhole && agent.isStale(edit.file);
    if (!isStale) this.ledger.hold(agent.number, edit.file);
    return { isStale };
  }

  async afterEdit(agent, { file }) {
    this.ledger.free(agent.number, file);
  }
}
