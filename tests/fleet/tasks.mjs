// What the agents are to do, drawn by a seed. `overlap` is the share of the edits (and of other files that are looked at) that go to
// files which all agents share; the rest goes to files that are one agent's own.
import { randomOf } from './random.mjs';

const OWN = 3; // files of an agent's own
const SLOTS = 8; // places in a file at which something can be added
const KINDS = [['bump', 0.05], ['use', 0.15], ['add', 0.8]];
const WHOLE = 0.5; // of the edits: the model writes the whole file anew; else it names the text that it replaces

/**
 * @returns { modules: all names, work: for each agent its tasks }. A task: { id, reads, thinkMs, edits, command }; an edit: { id, file,
 *   kind, slot, target, isWhole, thinkMs }. All times are virtual ms.
 */
export function drawFleet({ agents, overlap, tasks, seed }) {
  const shared = Array.from({ length: Math.max(3, Math.ceil(agents / 2)) }, (_, i) => moduleName(i));
  const own = (agent) => Array.from({ length: OWN }, (_, i) => moduleName(shared.length + agent * OWN + i));
  const work = Array.from({ length: agents }, (_, agent) => {
    const random = randomOf('fleet', seed, agents, overlap, agent);
    const file = () => random.of(random.isSo(overlap / 100) ? shared : own(agent));
    return Array.from({ length: tasks }, (__, task) => drawTask(random, `t${agent}_${task}`, file));
  });
  return { modules: [...shared, ...work.flatMap((_, agent) => own(agent))], work };
}

/** The name of a module by its number. */
export function moduleName(number) {
  return `m${String(number).padStart(2, '0')}`;
}

/** An edit with what is left open drawn. */
export function drawEdit(random, id, file, target) {
  let [kind, chance] = ['add', random.next()];
  for (const [name, share] of KINDS) {
    if (chance < share) {
      kind = name;
      break;
    }
    chance -= share;
  }
  if (kind === 'use' && target === file) kind = 'add';
  const slot = random.between(0, SLOTS - 1);
  return { id, file, kind, slot, target, isWhole: random.isSo(WHOLE), thinkMs: random.between(5_000, 20_000) };
}

/** A task around its edits. */
export function taskOf(random, id, edits, extra) {
  const reads = [...new Set([...edits.flatMap(({ file, kind, target }) => (kind === 'use' ? [file, target] : [file])), ...extra])];
  const command = { files: [...new Set([...edits.map(({ file }) => file), ...extra.slice(0, 1)])], ms: random.between(2_000, 10_000) };
  return { id, reads, edits, command, thinkMs: random.between(20_000, 60_000) };
}

function drawTask(random, id, file) {
  const edits = Array.from({ length: random.between(1, 5) }, (_, i) => drawEdit(random, `${id}_e${i}`, file(), file()));
  return taskOf(random, id, edits, [file(), file()]);
}
