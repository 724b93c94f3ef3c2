// Tasks from a fleet that was recorded: what `klock events --json` printed, one answer or several, one a line.
import fs from 'node:fs';
import { randomOf } from './random.mjs';
import { drawEdit, moduleName, taskOf } from './tasks.mjs';

const WRITES = new Set(['MUTATES', 'PROVIDES', 'DELETES', 'RENAMES']);
const TOOL_MS = 600_000; // hooks take leases for so long, at least, while a tool runs; shorter is the window after it
const TASK_GAP_MS = 60_000; // an agent that edits nothing for longer has begun another task
const LONGEST_THOUGHT_MS = 120_000;

/** The events in a file. */
export function readEvents(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '');
  return lines.flatMap((line, i) => {
    try {
      return JSON.parse(line).data.map((event) => event);
    } catch {
      throw new Error(`${file}: line ${i + 1} is no answer of 'klock events --json': {"success":true,"data":[…]}`);
    }
  });
}

/**
 * A plan as `drawFleet` makes one: an agent for each that wrote files, an edit for each time it took or took up a lease for one, with the
 * times between them. Files become modules in the order in which they appear; what is edited there is drawn by the seed.
 */
export function planOf(events, seed) {
  const edits = events.filter(isEdit).toSorted((a, b) => a.at - b.at);
  if (edits.length === 0) throw new Error('the events show no edit: no agent was granted a lease to write a file');
  const modules = new Map();
  const agents = new Map();
  for (const { agent_id: agent, resource, at } of edits) {
    if (!modules.has(resource)) modules.set(resource, moduleName(modules.size));
    if (!agents.has(agent)) agents.set(agent, []);
    agents.get(agent).push({ file: modules.get(resource), at });
  }
  const work = [...agents.values()].map((list, agent) => tasksOf(list, agent, edits[0].at, seed));
  return { modules: [...modules.values()], work };
}

function isEdit({ kind, resource, predicate, at, expires_at: end }) {
  return (kind === 'GRANTED' || kind === 'RENEWED') && resource?.startsWith('FILE:') && !resource.endsWith('**') && WRITES.has(predicate)
    && end - at >= TOOL_MS;
}

function tasksOf(list, agent, start, seed) {
  const random = randomOf('replay', seed, agent);
  const tasks = [];
  let last = start;
  let edits = [];
  const finish = (idleMs) => {
    if (edits.length > 0) tasks.push({ ...taskOf(random, `t${agent}_${tasks.length}`, edits, []), idleMs: edits.idleMs });
    edits = Object.assign([], { idleMs });
  };
  for (const { file, at } of list) {
    const gap = at - last;
    if (gap > TASK_GAP_MS || edits.length === 0) finish(gap > TASK_GAP_MS ? gap - TASK_GAP_MS : 0);
    const edit = drawEdit(random, `t${agent}_${tasks.length}_e${edits.length}`, file, file);
    edits.push({ ...edit, thinkMs: Math.min(gap, LONGEST_THOUGHT_MS) });
    last = at;
  }
  finish(0);
  return tasks;
}
