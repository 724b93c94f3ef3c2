// Runs fleets, and leaves raw results, a table and plots in a folder.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execFileSync } from 'node:child_process';
import { runFleet } from './fleet.mjs';
import { policies } from './policies/all.mjs';
import { planOf, readEvents } from './replay.mjs';
import { header, makeReport } from './results.mjs';
import { drawFleet } from './tasks.mjs';

const MAIN = ['nothing', 'lock', 'manifest', 'worktrees', 'klock'];
const options = {
  agents: { type: 'string' }, overlaps: { type: 'string' }, seeds: { type: 'string' }, 'first-seed': { type: 'string', default: '1' },
  tasks: { type: 'string', default: '3' }, policies: { type: 'string' }, jobs: { type: 'string', default: '1' }, out: { type: 'string' },
  replay: { type: 'string' }, short: { type: 'boolean', default: false },
};

/** Runs what the arguments say. */
export async function bench(words, top, klock) {
  const { values } = parseArgs({ args: words, options });
  const out = path.resolve(values.out ?? path.join(top, 'artifacts', 'fleet'));
  const file = path.join(out, 'results.jsonl');
  const runs = planned(values);
  fs.mkdirSync(out, { recursive: true });
  const { out: _, ...asked } = values;
  const version = execFileSync(klock, ['version'], { encoding: 'utf8' }).trim();
  fs.writeFileSync(file, `${JSON.stringify(header(version, asked))}\n`);
  const append = (line) => fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  let done = 0;
  const next = async () => {
    for (let run = runs.shift(); run; run = runs.shift()) {
      const from = performance.now();
      const { result, spans } = await runFleet(run.plan, run.Kind, klock);
      append({ kind: 'run', ...run.name, ...result });
      if (run.name.seed === Number(values['first-seed'])) append({ kind: 'spans', ...run.name, spans });
      const { policy, agents, overlap, seed } = run.name;
      const took = `${Math.round(result.wallMs / 1000)} virtual s in ${((performance.now() - from) / 1000).toFixed(1)} s`;
      console.log(`${++done}: ${policy}, ${agents} agents, ${overlap ?? 'recorded'} % overlap, seed ${seed}: ${took}`);
    }
  };
  await Promise.all(Array.from({ length: whole(values, 'jobs', 1, 64) }, next));
  console.log(`\n${makeReport(file)}\n${file}, table.md and plots beside it`);
}

// Which runs, in which order: what is compared is run one after another.
function planned(values) {
  const first = whole(values, 'first-seed', 0, 1e9);
  const seeds = (count) => Array.from({ length: count }, (_, i) => first + i);
  const tasks = whole(values, 'tasks', 1, 1000);
  if (values.replay) {
    const events = readEvents(values.replay);
    return seeds(whole({ seeds: '1', ...values }, 'seeds', 1, 1000)).flatMap((seed) => kinds(values.policies).map((Kind) => {
      const plan = planOf(events, seed);
      return { plan, Kind, name: { source: 'replay', policy: Kind.title, agents: plan.work.length, overlap: null, seed } };
    }));
  }
  return grid(values).flatMap(({ agents, overlap, count, names }) => seeds(count).flatMap((seed) => kinds(names).map((Kind) => {
    const name = { source: 'drawn', policy: Kind.title, agents, overlap, seed, tasks };
    return { plan: drawFleet({ agents, overlap, tasks, seed }), Kind, name };
  })));
}

// What is given, or the long form: every policy where the goals are, the main ones around it.
function grid(values) {
  const names = values.policies;
  if (values.agents || values.overlaps || values.seeds || values.short) {
    const count = whole({ seeds: '3', ...values }, 'seeds', 1, 1000);
    const sizes = numbers(values.agents ?? '6', 'agents', 1, 100);
    const overlaps = numbers(values.overlaps ?? '50', 'overlaps', 0, 100);
    return sizes.flatMap((agents) => overlaps.map((overlap) => ({ agents, overlap, count, names })));
  }
  const around = [[6, 0], [6, 20], [6, 80], [3, 50], [12, 50], [24, 50]];
  const others = around.map(([agents, overlap]) => ({ agents, overlap, count: 5, names: names ?? MAIN.join(',') }));
  return [{ agents: 6, overlap: 50, count: 20, names }, ...others];
}

function kinds(names) {
  const all = policies.map(({ title }) => title);
  return (names?.split(',') ?? all).map((name) => {
    const Kind = policies.find(({ title }) => title === name);
    if (!Kind) throw new Error(`--policies: '${name}' is none; there are ${all.join(', ')}`);
    return Kind;
  });
}

function numbers(text, name, least, most) {
  return text.split(',').map((part) => whole({ [name]: part }, name, least, most));
}

function whole(values, name, least, most) {
  const value = Number(values[name]);
  if (!/^\d+$/.test(values[name]) || value < least || value > most) {
    throw new Error(`--${name} takes whole numbers from ${least} to ${most}, not '${values[name]}'`);
  }
  return value;
}
