import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ClaudeHooks } from '../claude_hooks.mjs';
import { Policy } from './policy.mjs';

const INDEX = 'git:index'; // which a commit needs
const REAL_WAIT = '100s'; // the driver ends a wait when it is up in virtual time; by the real clock none may be

/** Klock's hooks as Claude Code calls them. They wait; the model has nothing to do. */
export class Klock extends Policy {
  static title = 'klock';
  static about = 'Klock with its defaults: hooks wait up to 30 s, an idle lease stays for 20 s unless somebody wants it.';

  waitMs = 30_000;
  idle = '20s';

  async open() {
    this.hooks = new ClaudeHooks(this.fleet, { KLOCK_WAIT: REAL_WAIT, KLOCK_IDLE: this.idle });
    await promisify(execFile)(this.fleet.klock, ['install', 'claude'], { cwd: this.fleet.repo, env: this.fleet.environment });
  }

  start = (agent) => this.hooks.event(agent, 'SessionStart', { source: 'startup' });
  end = (agent) => this.hooks.event(agent, 'SessionEnd', { reason: 'other' });
  beforeRead = (agent, files) => this.hooks.read(agent, files);

  async beforeEdit(agent, edit, change) {
    agent.tool = this.hooks.toolOf(edit, change);
    return this.hooks.ask(agent, agent.tool, edit, [edit.file], this.waitMs);
  }

  async afterEdit(agent, edit, change, isPossible) {
    await this.hooks.over(agent, agent.tool, isPossible);
  }

  async beforeCommand(agent, command, files) {
    agent.tool = this.hooks.tool('Bash', { command });
    return this.hooks.ask(agent, agent.tool, agent.tool, files.length > 0 ? files : [INDEX], this.waitMs);
  }

  afterCommand = (agent) => this.hooks.over(agent, agent.tool);

  async endTask(agent) {
    await this.hooks.event(agent, 'Stop', {});
  }

  async close() {
    return { denied: this.hooks.denied, overrun: this.hooks.programs.overrun, hookMs: this.hooks.programs.took };
  }
}
