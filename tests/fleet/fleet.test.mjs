// One seed, three agents, every policy: who loses what, and does the table add up?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runFleet } from './fleet.mjs';
import { policies } from './policies/all.mjs';
import { Guard } from './policies/guard.mjs';
import { Klock } from './policies/klock.mjs';
import { KlockHeldLong } from './policies/klock_held.mjs';
import { KlockLongWindow, KlockNoWindow } from './policies/klock_idle.mjs';
import { Policy } from './policies/policy.mjs';
import { planOf, readEvents } from './replay.mjs';
import { SessionLeases } from './session_leases.mjs';
import { drawFleet } from './tasks.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const klock = path.join(top, 'dist', 'bin', 'klock');
const LIMIT = { timeout: 780_000 }; // twelve fleets, on a machine with much else to do
const plan = drawFleet({ agents: 3, overlap: 80, tasks: 1, seed: 4 });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-fleet-test-'));
const recorded = path.join(folder, 'events.json');
// Those that are left out differ from others by a number only.
const tested = policies.filter((Kind) => ![KlockHeldLong, KlockNoWindow].includes(Kind));
const runs = new Map();

before(async () => {
  const left = [...tested];
  const next = async () => {
    for (let Kind = left.shift(); Kind; Kind = left.shift()) {
      runs.set(Kind.title, await runFleet(plan, Kind, klock, Kind === Klock ? record : undefined));
    }
  };
  await Promise.all([next(), next()]);
}, LIMIT);
after(() => fs.rmSync(folder, { recursive: true }));

function record(fleet) {
  const command = ['events', '--after', '0', '--limit', '1000', '--json'];
  fs.writeFileSync(recorded, execFileSync(klock, command, { cwd: fleet.repo, env: fleet.environment }));
}

test('who is not coordinated loses edits', () => {
  const { result } = runs.get(Policy.title);
  assert.ok(result.lost > 0, JSON.stringify(result));
});

// In the window between look and write, and where no lock is held to the commit, an edit can be lost.
const unsafe = [Policy, Guard];
for (const { title } of tested.filter((Kind) => !unsafe.includes(Kind))) {
  test(`${title} loses nothing, and the repository builds`, () => {
    const { result } = runs.get(title);
    const { lost, torn, half, semantic, uncommitted, givenUp } = result;
    assert.deepEqual({ lost, torn, half, semantic, uncommitted, givenUp }, {
      lost: 0, torn: 0, half: 0, semantic: 0, uncommitted: 0, givenUp: 0,
    });
    assert.ok(result.isBuilt);
  });
}

for (const { title } of tested) {
  test(`the figures of ${title} add up`, () => {
    const { result, spans } = runs.get(title);
    const total = (list) => list.reduce((sum, { from, to }) => sum + to - from, 0);
    assert.equal(result.edits, plan.work.flat().flatMap(({ edits }) => edits).length);
    assert.equal(total(spans.filter(({ state }) => state === 'blocked')), result.blockedMs);
    assert.ok(result.slackMs <= result.blockedMs && result.longestWaitMs <= result.blockedMs);
    assert.ok(result.wallMs <= result.agentMs && result.agentMs <= 3 * result.wallMs);
    assert.equal(result.overrun ?? 0, 0);
    // All that an agent does is in its time line, but for the moments that hooks and locks take.
    const told = total(spans.filter(({ state }) => state !== 'redo'));
    assert.ok(told <= result.agentMs && told > 0.9 * result.agentMs, `${told} of ${result.agentMs} ms`);
  });
}

test('virtual time depends on the seed alone, whatever real processes take; nor on a window that whoever waits ends', () => {
  const stripped = ({ hookP50Ms, ...rest }) => rest;
  const { result } = runs.get(KlockLongWindow.title);
  assert.deepEqual(stripped(result), stripped(runs.get(Klock.title).result));
});

test('a hook that waits is ended when its wait is up in virtual time, and a granted one goes on at once', LIMIT, async () => {
  class Waiting extends Klock {
    async beforeEdits(agent) {
      const tool = this.hooks.tool('Edit', { file_path: path.join(this.fleet.repo, 'src/x.mjs'), old_string: 'a', new_string: 'b' });
      if (agent.number === 0) return this.#hold(agent);
      const from = this.clock.now;
      const answers = [await this.hooks.ask(agent, tool, {}, ['x'], this.waitMs)];
      const refusedAfter = this.clock.now - from;
      answers.push(await this.hooks.ask(agent, tool, {}, ['x'], this.waitMs));
      this.seen = { answers, refusedAfter, grantedAt: this.clock.now };
    }

    // Longer than one wait, and shorter than two.
    async #hold(agent) {
      const leases = new SessionLeases(this.fleet, this.hooks.programs);
      assert.ok(await leases.take(agent, ['x']));
      await this.clock.sleep(45_000);
      await leases.release(agent);
      this.releasedAt = this.clock.now;
    }
  }
  const nothing = { id: 't', reads: [], edits: [], thinkMs: 0 };
  const [first, second] = [{ ...nothing }, { ...nothing, thinkMs: 1_000 }];
  const one = { modules: ['m00'], work: [[{ ...first, edits: [] }], [second]] };
  let policy;
  await runFleet(one, Waiting, klock, (fleet) => (policy = fleet.policy));
  const { answers, refusedAfter, grantedAt } = policy.seen;
  assert.deepEqual(answers.map(({ isRefused = false }) => isRefused), [true, false]);
  assert.equal(refusedAfter, policy.waitMs);
  assert.ok(grantedAt >= policy.releasedAt && grantedAt - policy.releasedAt <= 100, `${grantedAt} after ${policy.releasedAt}`);
});

test('a recorded fleet becomes tasks: as many agents, on as many files', () => {
  const events = readEvents(recorded);
  const again = planOf(events, 1);
  const granted = events.filter(({ kind, resource }) => kind === 'GRANTED' && /^FILE:src\/m\d+\.mjs$/.test(resource));
  const files = new Set(granted.map(({ resource }) => resource));
  assert.equal(again.work.length, 3);
  assert.equal(again.modules.length, files.size);
  assert.ok(again.work.flat().flatMap(({ edits }) => edits).length >= files.size);
});
