// Klock's hooks in the real clients: an edit is leased, waits for others, is refused with a sentence, and nothing is lost.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { claude, clients, codex } from './clients/all.mjs';
import { missing, top } from './install.mjs';
import { World } from './world.mjs';

const LIMIT = { timeout: 300_000 };
const klock = path.join(top, 'dist', 'bin', 'klock');
const run = promisify(execFile);

async function leases(world) {
  const { stdout } = await run(klock, ['leases', '--json'], { cwd: world.repo, env: world.environment });
  return JSON.parse(stdout).data;
}

function clientTest(client, name, body) {
  test(`${client.title ?? client.name}: ${name}`, { ...LIMIT, skip: missing(client) ?? false }, async (t) => {
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n' });
    execFileSync(klock, ['install', client.name], { cwd: world.repo, env: world.environment });
    await body(world, world.tools(client));
  });
}

const editOf = ({ read, edit }) => [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }];

/** A person's program that holds a file until `release` is called. */
async function holder(world, file) {
  const child = spawn(klock, ['run', '--agent', 'somebody', '--file', file, '--', 'sh', '-c', 'echo held; read _'], { cwd: world.repo, env: world.environment });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('klock run ended at once')));
  });
  return { release: () => new Promise((resolve) => { child.once('exit', resolve); child.stdin.end('\n'); }) };
}

function everyClient(client) {
  clientTest(client, 'an edit is leased, made and let go at the end', async (world, tools) => {
    let held;
    await world.run(client, {
      turns: [...editOf(tools), async () => {
        held = await leases(world);
        return { text: 'Done.' };
      }],
    });
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
    assert.deepEqual(held.map(({ resource }) => resource), ['FILE:a.txt']);
    assert.match(held[0].agent_id, new RegExp(`^${client.name}:`));
    assert.deepEqual(await leases(world), []);
  });

  clientTest(client, 'an edit of what another holds waits in the hook and goes through when it is free', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.start(client, { turns: [...editOf(tools), { text: 'Done.' }] });
    await new Promise((resolve) => setTimeout(resolve, 6000));
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    await other.release();
    await agent.finished();
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
  });

  clientTest(client, 'one whose time is up is blocked, and the model hears why', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(client, { turns: [...editOf(tools), { text: 'Then not.' }], environment: { KLOCK_WAIT: '1s' } });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assert.match(agent.model.results.at(-1).text, /a\.txt is in use by somebody/);
    await other.release();
  });
}

for (const client of clients) describe(client.name, () => everyClient(client));
