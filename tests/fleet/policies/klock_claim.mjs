import { KlockHeld } from './klock_held.mjs';

const WAIT_MS = 100_000; // as long as a tool call of an MCP client lasts
const RETRY_MS = 3_000; // a model's turn

/** The files of the whole series, claimed before its first edit. */
export class KlockClaim extends KlockHeld {
  static title = 'klock-claim';
  static about = 'Klock, and the files of a task claimed all at once before its first edit, until its last.';

  windowMs = 3_600_000;

  async beforeEdits(agent, task) {
    const files = [...new Set(task.edits.map(({ file }) => file))];
    const from = this.clock.now;
    while (!(await this.leases.take(agent, files, WAIT_MS))) await this.clock.sleep(RETRY_MS);
    agent.blocked(task, files, from);
  }
}
