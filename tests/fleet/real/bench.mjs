#!/usr/bin/env node
// Runs fleets of real clients, one after another, and leaves raw results, a table and plots in a folder. run.mjs starts it, cut off from
// the network.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { missing, top } from '../../agents/install.mjs';
import { klock } from '../../agents/klock.mjs';
import { drawn, kindsOf, measure, numbers, seedsOf, whole } from '../measuring.mjs';
import { mix, runRealFleet } from './fleet.mjs';
import { policies } from './policies.mjs';

const options = {
  agents: { type: 'string', default: '6' }, overlaps: { type: 'string', default: '50' }, seeds: { type: 'string', default: '3' },
  'first-seed': { type: 'string', default: '1' }, tasks: { type: 'string', default: '3' }, policies: { type: 'string' },
  scale: { type: 'string', default: '5' }, out: { type: 'string', default: path.join(top, 'artifacts', 'fleet-real') },
};

async function bench(words) {
  const { values: { out, ...values } } = parseArgs({ args: words, options });
  const scale = whole(values, 'scale', 1, 100);
  const tasks = whole(values, 'tasks', 1, 1000);
  const [seeds, kinds] = [seedsOf(values), kindsOf(values.policies, policies)];
  const runs = numbers(values.agents, 'agents', 1, 100).flatMap((agents) => {
    return numbers(values.overlaps, 'overlaps', 0, 100).flatMap((overlap) => drawn('real', { agents, overlap, tasks, seeds, kinds }));
  });
  const why = mix.map(missing).find((reason) => reason);
  if (why) throw new Error(why);
  await measure(runs, ({ plan, Kind }) => runRealFleet(plan, Kind, { scale }), { out: path.resolve(out), klock, asked: values });
}

try {
  await bench(process.argv.slice(2));
} catch (error) {
  console.error(`tests/fleet/real/bench.mjs: ${error.message}`);
  process.exitCode = 1;
}
