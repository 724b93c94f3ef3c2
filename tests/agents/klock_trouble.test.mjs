// What can go wrong under Klock's hooks: a client that is killed, a store that cannot be used.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { promisify } from 'node:util';
import { claude, cline, codex, gemini, opencode, pi } from './clients/all.mjs';
import { assertHeard, editOf, holder, klock, klockTest, leases, until, waiters } from './klock.mjs';

const run = promisify(execFile);
const SOON_MS = 5_000; // "at once", on a machine with much else to do; a lease lasts 10 minutes without it

/** How long somebody waits for a file, in ms. */
async function timeToGet(world, file) {
  const start = performance.now();
  await run(klock, ['run', '--agent', 'next', '--file', file, '--wait', '60s', '--', 'true'], { cwd: world.repo, env: world.environment });
  return performance.now() - start;
}

function killed(client) {
  klockTest(client, 'killed between edits, within a tool or while its hook waits, it holds nothing', async (world, tools) => {
    const other = await holder(world, 'b.txt');
    const environment = { KLOCK_IDLE: '600s' };
    const start = (...turns) => world.start(client, { environment, turns });
    const never = () => world.signalled('never');
    const idle = await start(...editOf(tools), never);
    await until('an edit is made', async () => world.read('a.txt').includes('TWO'), idle);
    await until('it is leased', async () => (await leases(world)).length > 1, idle);
    idle.kill();
    await idle.ended;
    assert.ok((await timeToGet(world, 'a.txt')) < SOON_MS, 'free when it was killed between edits');

    const busy = await start({ calls: [tools.shell('cat a.txt; echo x > a.txt; sleep 600')] }, never);
    await until('a command runs', async () => world.read('a.txt') === 'x\n', busy);
    busy.kill();
    await busy.ended;
    assert.ok((await timeToGet(world, 'a.txt')) < SOON_MS, 'free when it was killed in the midst of a tool');

    const waiting = await start(...editOf(tools, 'b.txt'), never);
    await until('an edit waits', () => waiters(world), waiting);
    waiting.kill();
    await waiting.ended;
    await until('nobody waits', async () => (await waiters(world)).length === 0);
    assert.equal(world.read('b.txt'), 'one\ntwo\n');
    await other.release();
  });
}

function broken(client) {
  klockTest(client, 'with a broken store an edit is blocked in one line, or let through if the user says so', async (world, tools) => {
    const folder = path.join(world.repo, '.git', 'klock');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'klock.db'), 'no database at all\n'.repeat(1000));
    const turns = [...editOf(tools), { text: 'Done.' }];
    const blocked = await world.run(client, { turns });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assertHeard(blocked, /Klock could not make sure that nobody else is changing this, so it was not run: .*klock\.db.*klock doctor/);
    await world.run(client, { turns, environment: { KLOCK_ON_FAILURE: 'allow' } });
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
  });
}

describe('trouble', { concurrency: 2 }, () => {
  const most = [claude, codex, gemini, opencode, pi];
  // Cline's hooks are its daemon's, which outlives a killed window: its leases end with their ttl.
  describe('killed', { concurrency: 1 }, () => most.forEach(killed));
  describe('a broken store', { concurrency: 1 }, () => [...most, cline].forEach(broken));
});
