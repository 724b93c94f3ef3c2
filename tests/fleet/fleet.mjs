// One run: a repository, agents, a policy; and what came of it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Agent } from './agent.mjs';
import { Clock } from './clock.mjs';
import { Ledger } from './ledger.mjs';
import { brokenImports, fateOf, isBuilt, makeRepository, pathOf } from './repository.mjs';

/**
 * @param plan { modules, work }, as `drawFleet` gives it.
 * @param Kind the policy's class.
 * @param klock the program.
 * @param look is called with the fleet when all agents have ended, before the repository is removed.
 * @returns { result, spans }: the numbers of one line of the raw results, and what agents did when.
 */
export async function runFleet(plan, Kind, klock, look = () => {}) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'klock-fleet-')));
  try {
    const clock = new Clock();
    const fleet = { folder, repo: path.join(folder, 'repo'), klock, clock, ledger: new Ledger(clock), environment: environmentIn(folder) };
    await makeRepository(fleet.repo, plan.modules, fleet.environment);
    fleet.agents = plan.work.map((tasks, number) => new Agent(fleet, number, structuredClone(tasks)));
    fleet.policy = new Kind(fleet);
    await fleet.policy.open();
    await clock.run(fleet.agents.map((agent) => () => agent.live()));
    await look(fleet);
    return { result: await judge(fleet, plan, await fleet.policy.close()), spans: fleet.ledger.spans };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// Nothing of the caller's own: no setting, no secret.
function environmentIn(folder) {
  const programs = `${path.dirname(process.execPath)}:/usr/bin:/bin`;
  return { PATH: programs, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', GIT_CONFIG_NOSYSTEM: '1' };
}

/** What a fleet came to; `hookMs` and what else the policy recorded. */
export async function judge(fleet, plan, { hookMs = [], ...more }) {
  const { ledger, agents } = fleet;
  const tasks = plan.work.flat();
  const text = (file) => fs.readFileSync(path.join(fleet.repo, pathOf(file)), 'utf8');
  const fates = tasks.map(({ edits }) => edits.map((edit) => fateOf(edit, text(edit.file))));
  const count = (fate) => fates.flat().filter((one) => one === fate).length;
  const total = (list) => list.reduce((sum, one) => sum + one, 0);
  const sorted = hookMs.toSorted((a, b) => a - b);
  return {
    edits: fates.flat().length,
    lost: count('lost'),
    torn: count('torn'),
    half: fates.filter((one) => one.includes('there') && one.some((fate) => fate !== 'there')).length,
    semantic: (await brokenImports(fleet.repo, fleet.environment)).length,
    isBuilt: await isBuilt(fleet.repo, fleet.environment),
    uncommitted: execFileSync('git', ['status', '--porcelain'], { cwd: fleet.repo, env: fleet.environment, encoding: 'utf8' })
      .split('\n').filter((line) => line !== '').length,
    repairs: total(agents.map((agent) => agent.repairs)),
    givenUp: total(agents.map((agent) => agent.givenUp)),
    agentMs: total(agents.map(({ endedAt }) => endedAt)),
    wallMs: Math.max(...agents.map(({ endedAt }) => endedAt)),
    blockedMs: total(ledger.waits.map(({ from, to }) => to - from)),
    slackMs: total(ledger.waits.map((wait) => ledger.slackOf(wait))),
    waits: ledger.waits.length,
    longestWaitMs: Math.max(...agents.map(({ longestWaitMs }) => longestWaitMs)),
    longestSeriesMs: Math.max(0, ...ledger.series),
    redoneMs: ledger.redoneMs,
    hooks: hookMs.length,
    hookP50Ms: Math.round(10 * (sorted[Math.floor(sorted.length / 2)] ?? 0)) / 10,
    ...more,
  };
}
