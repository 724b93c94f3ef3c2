// The policies with real clients: those of the simulated benchmark, with hooks in the clients in place of calls before each step.
import { fileURLToPath } from 'node:url';
import { installHooks } from '../../agents/hooked.mjs';
import { installKlock } from '../../agents/klock.mjs';
import { Lock } from '../policies/lock.mjs';
import { Policy } from '../policies/policy.mjs';
import { WorkTrees } from '../policies/worktrees.mjs';
import { pathOf } from '../repository.mjs';
import { addWaits } from './waits.mjs';

const script = fileURLToPath(new URL('lock.sh', import.meta.url));

class HookedLock extends Lock {
  async open() {
    const { world, kinds } = this.fleet;
    kinds.forEach((client) => installHooks(world, client, `/bin/sh ${script} ${world.hooks.command(client)}`));
    world.hooks.decide = (call) => this.#decide(call);
  }

  // A script that people write for this would read the file's name from the call; which edit it is, this one knows already.
  #decide({ environment }) {
    const agent = this.fleet.agents[Number(environment.FLEET_AGENT)];
    const { client } = agent;
    if (!agent.editing) return undefined;
    const { isRefused, isStale } = this.take(agent, agent.editing);
    const place = pathOf(agent.editing.file);
    if (isRefused) return { stdout: client.deny(`${place} is in use by another agent. Do other work first, then try again.`) };
    if (isStale) return { stdout: client.deny(`${place} was changed by another agent after you last read it. Read it again.`) };
    return undefined;
  }
}

class MergedWorkTrees extends WorkTrees {
  // Before the clients start in them.
  async open() {
    for (const agent of this.fleet.agents) await super.start(agent);
  }

  async start() {}

  async merge(agent, task) {
    const git = `git -C ${this.fleet.repo}`;
    const merge = `${git} merge -q --no-ff -m "merge ${task.id}" ${agent.id} || { ${git} merge --abort; exit 1; }`;
    const { isDone } = await agent.run('merge', `flock ${this.fleet.folder}/merging sh -c '${merge}'`);
    return isDone;
  }
}

class InstalledKlock extends Policy {
  static title = 'klock';

  async open() {
    this.fleet.kinds.forEach((client) => installKlock(this.fleet.world, client));
  }

  // Its hook takes a lease on that file, so the journal says which agent of the benchmark it is.
  start = (agent) => agent.run('command', `echo > ${agent.id} && rm ${agent.id}`);

  async close() {
    await addWaits(this.fleet);
    return {};
  }
}

export const policies = [Policy, HookedLock, MergedWorkTrees, InstalledKlock];
