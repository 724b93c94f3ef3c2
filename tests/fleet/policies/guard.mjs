import { COST } from '../agent.mjs';
import { Policy } from './policy.mjs';

/** Nobody waits, but a whole file is not written over what was changed since it was read. As Claude Code does by itself. */
export class Guard extends Policy {
  static title = 'guard';
  static about = 'No coordination; a whole file that was changed since it was read is not written, as some clients do.';

  async beforeEdit(agent, edit) {
    await this.clock.sleep(COST.hook);
    return { isStale: edit.isWhole && agent.isStale(edit.file) };
  }
}
