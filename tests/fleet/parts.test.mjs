// The parts of the benchmark, each alone: what it says about a fleet is only as right as they are.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Clock } from './clock.mjs';
import { Ledger } from './ledger.mjs';
import { ScaledClock } from './real/clock.mjs';
import { Conversation } from './real/conversation.mjs';
import { planOf } from './replay.mjs';
import { brokenImports, fateOf, isBuilt, makeRepository, replacementOf } from './repository.mjs';
import { makeReport } from './results.mjs';
import { drawFleet, moduleName } from './tasks.mjs';

const run = fileURLToPath(new URL('run.mjs', import.meta.url));

function temporary(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-fleet-parts-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

test('clock: agents act one at a time, in the order of time; thinking takes no real time', async () => {
  const clock = new Clock();
  const seen = [];
  let wakeUp;
  await clock.run([
    async () => {
      seen.push(`woken with ${await clock.park((wake) => (wakeUp = wake))} at ${clock.now}`);
    },
    async () => {
      await clock.sleep(3_600_000);
      seen.push(`wakes at ${clock.now}`);
      wakeUp('news', 50);
      await clock.sleep(100);
      seen.push(`ends at ${clock.now}`);
    },
  ]);
  assert.deepEqual(seen, ['wakes at 3600000', 'woken with news at 3600050', 'ends at 3600100']);
});

test('clock: agents that wait for each other for ever are an error, and so is one that fails', async () => {
  const clock = new Clock();
  await assert.rejects(clock.run([() => clock.park(() => {})]), /1 agents wait for each other for ever/);
  await assert.rejects(new Clock().run([async () => assert.fail('no')]), /no/);
});

test('scaled clock: a pause is shortened, and measured as long as it was meant to be; no time passes before all are there', async () => {
  const clock = new ScaledClock(1_000);
  assert.equal(clock.now, 0);
  clock.begin();
  await clock.sleep(20_000);
  const { now } = clock;
  assert.ok(now >= 15_000, `${now}`);
  clock.begin();
  assert.ok(clock.now >= now);
});

test('conversation: calls get their results in the order of the calls, whatever the order in which a client tells them', async () => {
  const conversation = new Conversation();
  const first = conversation.turns({ results: [] });
  await conversation.begun();
  const called = conversation.call([{ name: 'a' }, { name: 'b' }]);
  assert.deepEqual(await first, { calls: [{ name: 'a' }, { name: 'b' }] });
  const second = conversation.turns({ results: [{ id: 'call_10_scripted', text: 'of b' }, { id: 'call_9_scripted', text: 'of a' }] });
  assert.deepEqual((await called).map(({ text }) => text), ['of a', 'of b']);
  conversation.end();
  assert.deepEqual(Object.keys(await second), ['text']);
});

test('ledger: slack is what of a wait nobody else held any of the files', async () => {
  const clock = new Clock();
  const ledger = new Ledger(clock);
  await clock.run([async () => {
    ledger.hold(0, 'f');
    await clock.sleep(10);
    ledger.free(0, 'f');
    await clock.sleep(5);
    ledger.hold(2, 'g');
    await clock.sleep(10);
    ledger.waited(1, ['f', 'g'], 4);
  }]);
  assert.equal(ledger.slackOf(ledger.waits[0]), 5); // 4 to 25, less 4 to 10 and 15 to 25, which is not over
});

test('tasks: the seed decides, and the overlap is what it says', () => {
  const draw = (overlap, seed = 1) => drawFleet({ agents: 6, overlap, tasks: 60, seed });
  assert.deepEqual(draw(50), draw(50));
  assert.notDeepEqual(draw(50), draw(50, 2));
  const shared = new Set([0, 1, 2].map(moduleName));
  for (const overlap of [0, 20, 50, 80]) {
    const edits = draw(overlap).work.flat().flatMap((task) => task.edits);
    const share = (100 * edits.filter(({ file }) => shared.has(file)).length) / edits.length;
    assert.ok(Math.abs(share - overlap) < 5, `${share} instead of ${overlap} %`);
  }
});

test('repository: what is lost, torn, or breaks the build is found', async (t) => {
  const folder = path.join(temporary(t), 'repo');
  const environment = { PATH: process.env.PATH, HOME: path.dirname(folder) };
  await makeRepository(folder, ['m00', 'm01'], environment);
  const file = (name) => path.join(folder, 'src', `${name}.mjs`);
  const text = (name) => fs.readFileSync(file(name), 'utf8');
  const edit = (one) => {
    const change = replacementOf(one, text(one.file), text);
    fs.writeFileSync(file(one.file), text(one.file).replace(change.old, change.new));
  };
  const add = { id: 't0_0_e0', file: 'm00', kind: 'add', slot: 3 };
  const use = { id: 't0_0_e1', file: 'm00', kind: 'use', target: 'm01' };
  const bump = { id: 't1_0_e0', file: 'm01', kind: 'bump' };
  for (const one of [add, use, bump]) assert.equal(fateOf(one, text(one.file)), 'lost');
  edit(add);
  edit(use);
  assert.deepEqual([fateOf(add, text('m00')), fateOf(use, text('m00'))], ['there', 'there']);
  assert.ok(await isBuilt(folder, environment));
  edit(bump); // right for itself, and so was the use of the old name
  assert.equal(fateOf(bump, text('m01')), 'there');
  assert.ok(!(await isBuilt(folder, environment)));
  const broken = await brokenImports(folder, environment);
  assert.deepEqual(broken.map(({ file: where, id, target, name }) => [where, id, target, name]), [['m00', 't0_0_e1', 'm01', 'm01_v1']]);
  edit({ id: 'r', file: 'm00', kind: 'fix', old: broken[0].line, new: broken[0].line.replace('v1', 'v2') });
  assert.ok(await isBuilt(folder, environment));
  const torn = text('m00').replace('// t0_0_e0 end\n', '');
  assert.equal(fateOf(add, torn), 'torn');
  assert.equal(fateOf(use, text('m00') + text('m00')), 'torn');
});

test('replay: a use of a file is an edit, the end of a tool is none; a long pause ends a task', () => {
  const event = (kind, at, agent, file, ms) => {
    return { kind, at, agent_id: agent, resource: `FILE:${file}`, predicate: 'MUTATES', expires_at: at + ms };
  };
  const plan = planOf([
    event('GRANTED', 1_000, 'x', 'a.txt', 600_000), event('RENEWED', 2_000, 'x', 'a.txt', 20_000),
    event('RENEWED', 9_000, 'x', 'a.txt', 600_000), event('GRANTED', 200_000, 'x', 'b.txt', 600_000),
    event('GRANTED', 5_000, 'y', 'b.txt', 600_000), { kind: 'CREATED', at: 1 },
  ], 1);
  assert.deepEqual(plan.modules, ['m00', 'm01']);
  const shape = plan.work.map((tasks) => tasks.map(({ edits }) => edits.map(({ file, thinkMs }) => [file, thinkMs])));
  assert.deepEqual(shape, [[[['m00', 0], ['m00', 8_000]], [['m01', 120_000]]], [[['m01', 4_000]]]]);
  assert.throws(() => planOf([{ kind: 'CREATED', at: 1 }], 1), /show no edit/);
});

test('report: medians with their spread, goals, and plots that are XML', (t) => {
  const folder = temporary(t);
  const file = path.join(folder, 'results.jsonl');
  const base = { kind: 'run', source: 'drawn', agents: 6, edits: 100, lost: 0, torn: 0, half: 0, semantic: 0, redoneMs: 0, agentMs: 1000,
    slackMs: 0, wallMs: 60_000, longestWaitMs: 1, longestSeriesMs: 1, hookP50Ms: 40 };
  const lines = [20, 50].flatMap((overlap) => [1, 2, 3].flatMap((seed) => ['lock', 'worktrees', 'klock'].map((policy) => {
    return { ...base, overlap, seed, policy, blockedMs: policy === 'klock' ? seed * 10 : 500 };
  })));
  const spans = { kind: 'spans', policy: 'klock', agents: 6, overlap: 50, seed: 1, spans: [{ agent: 0, state: 'think', from: 0, to: 9 }] };
  fs.writeFileSync(file, [{ kind: 'fleet', format: 1 }, ...lines, spans].map((line) => JSON.stringify(line)).join('\n'));
  const table = makeReport(file);
  assert.match(table, /\| `klock` \| 3 \| 0 \| 0 \| 0 \| 0 \| 0\.0 \| 2\.0 \(1\.0 to 3\.0\) \|/);
  assert.match(table, /\| blocked, % of that of lock and retry \| 4\.0 \| ≤ 20 \| met \|/);
  for (const name of ['fleet-timelines.svg', 'fleet-blocked.svg', 'fleet-lost.svg']) {
    execFileSync('/usr/bin/python3', ['-c', 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])', path.join(folder, name)]);
  }
});

test('report: what cannot be told of real clients is left out', (t) => {
  const file = path.join(temporary(t), 'results.jsonl');
  const run = { kind: 'run', source: 'real', policy: 'klock', agents: 6, overlap: 50, seed: 1, edits: 9, lost: 0, torn: 0, half: 0,
    semantic: 0, redoneMs: 0, blockedMs: 5, agentMs: 1000, wallMs: 60_000, longestWaitMs: 5, longestSeriesMs: 5 };
  fs.writeFileSync(file, [{ kind: 'fleet', format: 1 }, run].map((line) => JSON.stringify(line)).join('\n'));
  const table = makeReport(file);
  assert.match(table, /### 6 agents, 50 % overlap, real clients/);
  assert.match(table, /blocked, % \| wall time, min \| longest wait, s \| longest series, s \|\n/);
});

test('command line: a policy, a number or an option that there is not is an error that says what there is', () => {
  const said = (...words) => spawnSync(process.execPath, [run, '--bench', ...words], { encoding: 'utf8' });
  for (const [words, pattern] of [
    [['--policies', 'hope'], /'hope' is none; there are nothing, guard, lock, /],
    [['--agents', 'many'], /--agents takes whole numbers from 1 to 100, not 'many'/],
    [['--overlaps', '101'], /--overlaps takes whole numbers from 0 to 100, not '101'/],
    [['--faster'], /--faster/],
  ]) {
    const { status, stderr } = said(...words);
    assert.equal(status, 1);
    assert.match(stderr, pattern);
  }
});
