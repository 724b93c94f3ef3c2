// What agents waited for in Klock's hooks, by Klock's own journal.
import { execFileSync } from 'node:child_process';
import { klock } from '../../agents/klock.mjs';

const PAGE = 1000;

/** Charges each wait to the agent, and to the edit or command that it was for. */
export function addWaits({ world, agents, clock }) {
  const events = readJournal(world);
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

function readJournal(world) {
  const events = [];
  for (let after = 0; ; after = events.at(-1).seq) {
    const command = ['events', '--after', String(after), '--limit', String(PAGE), '--json'];
    const page = JSON.parse(execFileSync(klock, command, { cwd: world.repo, env: world.environment, encoding: 'utf8' })).data;
    events.push(...(page.events ?? page));
    if ((page.events ?? page).length < PAGE) return events;
  }
}
