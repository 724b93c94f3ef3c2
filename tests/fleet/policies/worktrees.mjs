import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { COST } from '../agent.mjs';
import { Policy } from './policy.mjs';

const run = promisify(execFile);

/** A work tree and a branch an agent; a task ends with a merge. When it conflicts, the task is done again on what is there now. */
export class WorkTrees extends Policy {
  static title = 'worktrees';
  static about = 'One git work tree an agent, merged after each task; a task whose merge conflicts is done again on the new state.';

  #conflicts = 0;

  async start(agent) {
    agent.folder = path.join(this.fleet.folder, agent.id);
    await this.#git(this.fleet.repo, 'worktree', 'add', '-q', '-b', agent.id, agent.folder, 'main');
  }

  async beginTask(agent) {
    await this.#git(agent.folder, 'reset', '-q', '--hard', 'main');
  }

  async endTask(agent, task) {
    if (await this.merge(agent, task)) return false;
    this.#conflicts++;
    return true;
  }

  /** Merges the agent's branch, or leaves everything as it was. */
  async merge(agent, task) {
    await agent.spend('merge', COST.merge);
    const isMerged = await this.#git(this.fleet.repo, 'merge', '-q', '--no-ff', '-m', `merge ${task.id}`, agent.id).catch(() => false);
    if (isMerged !== false) return true;
    await this.#git(this.fleet.repo, 'merge', '--abort');
    return false;
  }

  async close() {
    return { conflicts: this.#conflicts };
  }

  #git(folder, ...command) {
    return run('git', command, { cwd: folder, env: this.fleet.environment });
  }
}
