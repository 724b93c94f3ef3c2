// What both forms of the benchmark share: numbers on the command line, and runs whose figures go into a file.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { header, makeReport } from './results.mjs';
import { drawFleet } from './tasks.mjs';

/**
 * Runs all, `jobs` at a time, and leaves raw results, a table and plots in the folder.
 * @param runs [{ plan, Kind, name }]: what one line of the results is called.
 * @param runOne from such a run to { result, spans }.
 * @param how { out: the folder, klock: the program, asked: the options as given, jobs }.
 */
export async function measure(runs, runOne, { out, klock, asked, jobs = 1 }) {
  const file = path.join(out, 'results.jsonl');
  const firstSeed = runs[0].name.seed;
  fs.mkdirSync(out, { recursive: true });
  const version = execFileSync(klock, ['version'], { encoding: 'utf8' }).trim();
  fs.writeFileSync(file, `${JSON.stringify(header(version, asked))}\n`);
  const append = (line) => fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  const left = [...runs];
  let done = 0;
  const next = async () => {
    for (let run = left.shift(); run; run = left.shift()) {
      const from = performance.now();
      const { result, spans } = await runOne(run);
      append({ kind: 'run', ...run.name, ...result });
      if (run.name.seed === firstSeed) append({ kind: 'spans', ...run.name, spans });
      const { policy, agents, overlap, seed } = run.name;
      const took = `${Math.round(result.wallMs / 1000)} s of the fleet's time in ${((performance.now() - from) / 1000).toFixed(1)} s`;
      console.log(`${++done}: ${policy}, ${agents} agents, ${overlap ?? 'recorded'} % overlap, seed ${seed}: ${took}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, next));
  console.log(`\n${makeReport(file)}\n${file}, table.md and plots beside it`);
}

/** Fleets that are drawn, one run a policy after another: what is compared is run close together. */
export function drawn(source, { agents, overlap, tasks, seeds, kinds }) {
  return seeds.flatMap((seed) => kinds.map((Kind) => {
    const name = { source, policy: Kind.title, agents, overlap, seed, tasks };
    return { plan: drawFleet({ agents, overlap, tasks, seed }), Kind, name };
  }));
}

/** Policies by their names, or all. */
export function kindsOf(names, policies) {
  const all = policies.map(({ title }) => title);
  return (names?.split(',') ?? all).map((name) => {
    const Kind = policies.find(({ title }) => title === name);
    if (!Kind) throw new Error(`--policies: '${name}' is none; there are ${all.join(', ')}`);
    return Kind;
  });
}

/** So many seeds, as the options `seeds` and `first-seed` say. */
export function seedsOf(values, count = whole(values, 'seeds', 1, 1000)) {
  const first = whole(values, 'first-seed', 0, 1e9);
  return Array.from({ length: count }, (_, i) => first + i);
}

export function numbers(text, name, least, most) {
  return text.split(',').map((part) => whole({ [name]: part }, name, least, most));
}

export function whole(values, name, least, most) {
  const value = Number(values[name]);
  if (!/^\d+$/.test(values[name]) || value < least || value > most) {
    throw new Error(`--${name} takes whole numbers from ${least} to ${most}, not '${values[name]}'`);
  }
  return value;
}
