// The raw results: a file of JSON lines. docs/fleet-benchmark.md says what is in them.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { figure, report } from './report.mjs';
import { lineChart, timeLines } from './plots.mjs';

export const FORMAT = 1;

/** The first line. */
export function header(klock, options) {
  const [{ model = 'unknown' } = {}] = os.cpus();
  return { kind: 'fleet', format: FORMAT, klock, node: process.version, processor: model.trim(), cores: os.cpus().length, options };
}

/** Reads a file: { header, runs, spans }. */
export function readResults(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
  if (lines[0]?.kind !== 'fleet' || lines[0].format !== FORMAT) {
    throw new Error(`${file} does not begin with a line of kind 'fleet' and format ${FORMAT}`);
  }
  return { header: lines[0], runs: lines.filter(({ kind }) => kind === 'run'), spans: lines.filter(({ kind }) => kind === 'spans') };
}

/** Writes table.md and the plots beside the results, and returns the table. */
export function makeReport(file) {
  const { runs, spans } = readResults(file);
  const put = (name, text) => fs.writeFileSync(path.join(path.dirname(file), name), text);
  const table = report(runs);
  put('table.md', table);
  const like = ({ agents, overlap, seed }) => [agents, overlap, seed].join();
  const first = spans.filter((one) => like(one) === like(spans[0]));
  if (first.length > 0) put('fleet-timelines.svg', timeLines(first));
  const drawn = runs.filter(({ source }) => source !== 'replay');
  for (const [name, over, label, what, title] of [
    ['fleet-blocked.svg', 'overlap', 'overlap, % of edits on shared files', 'blocked', 'Blocked, % of the agents\' time'],
    ['fleet-lost.svg', 'overlap', 'overlap, % of edits on shared files', 'lost', 'Lost edits, %'],
    ['fleet-wall.svg', 'agents', 'agents', 'wall', 'Wall time, minutes'],
  ]) {
    const other = over === 'overlap' ? 'agents' : 'overlap';
    const chosen = drawn.filter((run) => run[other] === drawn[0][other]);
    if (new Set(chosen.map((run) => run[over])).size > 1) put(name, lineChart(chosen, { title, label, over, of: figure(what) }));
  }
  return table;
}
