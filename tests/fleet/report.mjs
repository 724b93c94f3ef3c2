// The raw results as a table, and against the goals. A figure is the median of the seeds, in parentheses the least and the most.
import { policies } from './policies/all.mjs';

const share = (part, whole) => (100 * part) / Math.max(1, whole); // of nothing: 0

/** What the table shows of a run: title, figure, decimals. */
export const columns = [
  ['lost edits, %', (run) => share(run.lost, run.edits), 0],
  ['torn', (run) => run.torn, 0],
  ['half-applied tasks', (run) => run.half, 0],
  ['broken imports', (run) => run.semantic, 0],
  ['redone, %', (run) => share(run.redoneMs, run.agentMs), 1],
  ['blocked, %', (run) => share(run.blockedMs, run.agentMs), 1],
  ['slack, % of blocked', (run) => share(run.slackMs, run.blockedMs), 1],
  ['wall time, min', (run) => run.wallMs / 60_000, 1],
  ['longest wait, s', (run) => run.longestWaitMs / 1000, 0],
  ['longest series, s', (run) => run.longestSeriesMs / 1000, 0],
  ['hook p50, real ms', (run) => run.hookP50Ms, 0],
];

/** A figure by the beginning of its title. */
export function figure(name) {
  return columns.find(([title]) => title.startsWith(name))[1];
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The runs of one size and overlap. */
export function cells(runs) {
  const found = new Map();
  for (const run of runs) {
    const drawn = `${run.agents} agents, ${run.overlap} % overlap`;
    const name = { replay: 'a recorded fleet', drawn, real: `${drawn}, real clients` }[run.source];
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(run);
  }
  return found;
}

/** In the order of the table. */
export function byPolicy(runs) {
  const known = policies.map(({ title }) => title).filter((title) => runs.some(({ policy }) => policy === title));
  return known.map((title) => [title, runs.filter(({ policy }) => policy === title)]);
}

/** Everything, as Markdown. A run in which a hook waited too long by the real clock counts for nothing. */
export function report(all) {
  const runs = all.filter(({ overrun = 0 }) => overrun === 0);
  const without = all.length - runs.length;
  const note = without === 0 ? '' : `\n${without} of ${all.length} runs are left out: a hook waited too long by the real clock.\n`;
  return [...cells(runs)].map(([name, all]) => `### ${name}\n\n${table(all)}\n${goals(all)}`).join('\n') + note;
}

function table(runs) {
  const known = columns.filter(([, of]) => runs.every((run) => Number.isFinite(of(run)))); // with real clients not all is
  const head = `| policy | seeds | ${known.map(([title]) => title).join(' | ')} |\n|---|--:|${known.map(() => '--:|').join('')}\n`;
  return head + byPolicy(runs).map(([title, own]) => {
    return `| \`${title}\` | ${own.length} | ${known.map((column) => cell(own, column)).join(' | ')} |\n`;
  }).join('');
}

function cell(runs, [, of, digits]) {
  const values = runs.map(of);
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return least === most ? middle : `${middle} (${least} to ${most})`;
}

// Of issue 18: for six agents and half of the edits on shared files; what is said of more agents is for twelve and more.
function goals(runs) {
  const of = Object.fromEntries(byPolicy(runs));
  const { klock, lock, worktrees } = of;
  const [{ agents, overlap }] = runs;
  if (!klock || !lock || !worktrees || overlap !== 50 || agents < 6) return '';
  const middle = (own, name) => median(own.map(figure(name)));
  const most = (own, value) => Math.max(...own.map(value));
  const ratio = middle(klock, 'wall') / middle(worktrees, 'wall');
  const total = (name) => klock.reduce((sum, run) => sum + run[name], 0);
  const slack = share(total('slackMs'), total('blockedMs'));
  const rows = [
    ['lost or torn edits, all seeds', klock.reduce((sum, { lost, torn }) => sum + lost + torn, 0), 0, 0],
    ['blocked, % of that of lock and retry', share(middle(klock, 'blocked'), middle(lock, 'blocked')), 20, 1],
    [`wall time / that of work trees${agents >= 12 ? ', less' : ''}`, ratio, agents >= 12 ? 0.999 : 1, 2],
    ['longest wait / twice the longest series, worst seed', most(klock, (run) => run.longestWaitMs / (2 * run.longestSeriesMs)), 1, 2],
    ['slack, % of blocked, all seeds', slack, 2, 1],
  ];
  const lines = rows.filter(([, value]) => Number.isFinite(value)).map(([title, value, goal, digits]) => {
    return `| ${title} | ${value.toFixed(digits)} | ≤ ${goal} | ${value <= goal ? 'met' : '**missed**'} |\n`;
  });
  return `\n| \`klock\` | measured | goal | |\n|---|--:|--:|---|\n${lines.join('')}`;
}
