// Runs fleets in virtual time, and leaves raw results, a table and plots in a folder.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runFleet } from './fleet.mjs';
import { drawn, kindsOf, measure, numbers, seedsOf, whole } from './measuring.mjs';
import { policies } from './policies/all.mjs';
import { planOf, readEvents } from './replay.mjs';

const MAIN = ['nothing', 'lock', 'manifest', 'worktrees', 'klock'];
const options = {
  agents: { type: 'string' }, overlaps: { type: 'string' }, seeds: { type: 'string' }, 'first-seed': { type: 'string', default: '1' },
  tasks: { type: 'string', default: '3' }, policies: { type: 'string' }, jobs: { type: 'string', default: '1' }, out: { type: 'string' },
  replay: { type: 'string' }, short: { type: 'boolean', default: false },
};

/** Runs what the arguments say. */
export async function bench(words, top, klock) {
  const { values } = parseArgs({ args: words, options });
  const { out = path.join(top, 'artifacts', 'fleet'), ...asked } = values;
  const runOne = ({ plan, Kind }) => runFleet(plan, Kind, klock);
  await measure(planned(values), runOne, { out: path.resolve(out), klock, asked, jobs: whole(values, 'jobs', 1, 64) });
}

// Which runs, in which order.
function planned(values) {
  const tasks = whole(values, 'tasks', 1, 1000);
  if (values.replay) {
    const events = readEvents(values.replay);
    return seedsOf({ seeds: '1', ...values }).flatMap((seed) => kindsOf(values.policies, policies).map((Kind) => {
      const plan = planOf(events, seed);
      return { plan, Kind, name: { source: 'replay', policy: Kind.title, agents: plan.work.length, overlap: null, seed } };
    }));
  }
  return grid(values).flatMap(({ agents, overlap, count, names }) => {
    return drawn('drawn', { agents, overlap, tasks, seeds: seedsOf(values, count), kinds: kindsOf(names, policies) });
  });
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
