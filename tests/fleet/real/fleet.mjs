// One run with real clients: real processes in a shared repository, each with a scripted model, under a policy.
import { setTimeout as sleep } from 'node:timers/promises';
import { claude, codex, gemini, opencode } from '../../agents/clients/all.mjs';
import { meeting } from '../../agents/fleet.mjs';
import { World } from '../../agents/world.mjs';
import { judge } from '../fleet.mjs';
import { Ledger } from '../ledger.mjs';
import { repositoryFiles } from '../repository.mjs';
import { ClientAgent } from './agent.mjs';
import { ScaledClock } from './clock.mjs';

/** Who takes part, in turn. */
export const mix = [claude, codex, gemini, opencode];

// Then a client hangs: so long for what is not scaled, and so long for what is.
const LIMIT = { realMs: 600_000, scaledMs: 3_600_000 };

/**
 * @param plan { modules, work }, as `drawFleet` gives it.
 * @param Kind the policy's class.
 * @param options { kinds: the clients that agents take in turn, scale: by how much thoughts, pauses and a command's time are shortened,
 *   limit: after which a client hangs }.
 * @returns { result, spans }, as in virtual time, in scaled ms.
 */
export async function runRealFleet(plan, Kind, { kinds = mix, scale, limit = LIMIT }) {
  const ends = [];
  try {
    const world = await World.of({ after: (end) => ends.push(end) }, repositoryFiles(plan.modules));
    const clock = new ScaledClock(scale);
    const { repo, folder, environment } = world;
    const fleet = { world, repo, folder, environment, clock, kinds, ledger: new Ledger(clock) };
    fleet.denied = { use: 0, stale: 0, client: 0 }; // calls that were refused: by hooks, or by the client itself
    const all = meeting(plan.work.length);
    fleet.meet = () => all().then(() => clock.begin());
    fleet.agents = plan.work.map((tasks, number) => {
      return new ClientAgent(fleet, number, structuredClone(tasks), kinds[number % kinds.length]);
    });
    fleet.policy = new Kind(fleet);
    await fleet.policy.open();
    await untilEnded(fleet, limit);
    // What of a wait was slack cannot be told from outside.
    const { slackMs, hooks, hookP50Ms, ...judged } = await judge(fleet, plan, await fleet.policy.close());
    const clients = fleet.agents.map(({ client }) => client.name);
    return { result: { ...judged, clients, scale, denied: fleet.denied }, spans: fleet.ledger.spans };
  } finally {
    for (const end of ends) await end();
  }
}

async function untilEnded({ agents, clock }, { realMs, scaledMs }) {
  const tooLong = new AbortController();
  const limit = sleep(realMs + scaledMs / clock.scale, undefined, { signal: tooLong.signal }).then(() => {
    const left = agents.filter(({ isOver }) => !isOver).map(({ id, client }) => `${id} (${client.name})`);
    throw new Error(`clients hang: ${left.join(', ')}`);
  });
  try {
    await Promise.race([Promise.all(agents.map((agent) => agent.live())), limit]);
  } finally {
    tooLong.abort();
  }
}
