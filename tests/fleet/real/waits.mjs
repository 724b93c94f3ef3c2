// What agents waited for in Klock's hooks, by Klock's own journal.
import { ask } from '../../agents/klock.mjs';

const PAGE = 1000;

/** Charges each wait to the agent, and to the edit or command that it was for. */
export async function addWaits({ world, agents, clock }) {
  const events = await readJournal(world);
  const names = new Map(agents.map(({ id }, number) => [`FILE:${id}`, number]));
  const numbers = new Map(events.filter(({ kind, resource }) => kind === 'GRANTED' && names.has(resource))
    .map(({ agent_id: agent, resource }) => [agent, names.get(resource)]));
  const since = new Map(); // agent -> when it began to wait
  for (const { kind, at, agent_id: id, resource } of events) {
    const agent = agents[numbers.get(id)];
    const now = clock.of(at);
    if (/^(QUEUED|PARKED)$/.test(kind) && !since.has(id)) since.set(id, now);
    if (kind !== 'WAIT_ENDED' || !since.has(id)) continue;
    const from = since.get(id);
    since.delete(id);
    const { work, files } = agent.tries.find((one) => one.from <= now && now <= one.to) ?? { work: {}, files: [resource] };
    agent.blocked(work, files, from, now);
  }
}

async function readJournal(world) {
  const events = [];
  for (let after = 0; ; after = events.at(-1).seq) {
    const page = await ask(world, 'events', '--after', String(after), '--limit', String(PAGE));
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}
