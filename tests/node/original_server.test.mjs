// Our client on a server of the original Klock: what it can do works as there, and what it cannot fails in words.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, test } from 'node:test';
import { Klock, KlockHttpClient, klockProtected } from '@klock-protocol/core';
import { top, wanted } from './support.mjs';

const servers = [];
after(() => servers.forEach((server) => server.kill('SIGKILL')));

async function original(...parameters) {
  const program = path.join(top, 'tests', 'dropin', 'original_server.py');
  const server = spawn('python3', [program, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  return new KlockHttpClient({ baseUrl: line.trim(), autoStart: false });
}

for (const parameters of [[], ['--bare']]) {
  test(`the verbs of the original work as there ${parameters}`, async () => {
    const client = await original(...parameters);
    await client.registerAgent('old', 1);
    await client.registerAgent('young', 2);
    const lease = await client.acquireLease('old', 's', 'FILE', '/a', 'MUTATES', 60000);
    const { leaseId, expiresAt } = lease;
    assert.deepEqual(lease, { success: true, leaseId, agentId: 'old', resource: 'FILE:/a', predicate: 'MUTATES', expiresAt });
    const refused = await client.acquireLease('young', 's', 'FILE', '/a', 'MUTATES', 60000);
    assert.deepEqual(refused, { success: false, reason: 'DIE', waitTime: 1000 });
    assert.equal(await client.activeLeaseCount(), 1);
    assert.equal(await client.heartbeatLease(leaseId), true);
    const intents = [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/a' }];
    assert.equal((await client.declareIntent({ agentId: 'young', sessionId: 's', intents })).heldBy, 'old');
    assert.deepEqual([await client.releaseLease(leaseId), await client.releaseLease(leaseId)], [true, false]);
    assert.equal(await client.evictExpired(), 0);
  });
}

test('what it does not have fails in words and leaves nothing', async () => {
  const client = await original();
  await client.acquire(wanted('a'));
  const missing = {
    waitMs: () => client.acquire({ ...wanted('b', '/free'), waitMs: 1000 }),
    namespace: () => client.acquire({ ...wanted('b', '/free'), namespace: 'n' }),
    acquire_all: () => client.acquireAll({
      agentId: 'b', sessionId: 's', ttl: 60000, intents: [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/free' }],
    }),
    agentId: () => client.listLeases({ agentId: 'b' }),
    '/sessions': () => client.endSession('a', 's'),
    '/agents': () => client.listAgents(),
    '/waiters': () => client.listWaiters(),
    '/snapshot': () => client.snapshot(),
    '/leases': () => client.changeLease('a-0', 'CONSUMES'),
  };
  for (const [word, call] of Object.entries(missing)) {
    await assert.rejects(call, (error) => error.message.includes(word) && /not of this Klock|an older one/.test(error.message), word);
  }
  assert.equal(await client.activeLeaseCount(), 1);
});

test('guards and protected tools do too', async () => {
  const client = await original();
  const notReached = () => assert.fail('it ran');
  for (const maxRetries of [0, 3]) {
    const klock = new Klock(client, { agentId: 'a' });
    const message = /not of this Klock/;
    await assert.rejects(klock.withFile('/f', { maxRetries }, notReached), { code: 'INTERNAL', message });
    await assert.rejects(klock.withFiles(['/f', '/g'], { maxRetries }, notReached), { code: 'INTERNAL', message });
    const tool = klockProtected(async () => notReached(), { client, resourcePath: () => '/f', maxRetries });
    await assert.rejects(tool({}), { code: 'INTERNAL', message });
  }
  assert.equal(await client.activeLeaseCount(), 0);
});

test('a fetch that the program replaces may answer as the original does', async () => {
  const { fetch } = globalThis;
  const data = { lease_id: 'l', agent_id: 'a', resource: 'FILE:/a', predicate: 'MUTATES', expires_at: 5 };
  globalThis.fetch = async () => new Response(JSON.stringify({ success: true, data }), { status: 201 });
  try {
    const client = new KlockHttpClient({ baseUrl: 'http://klock.example' });
    const lease = await client.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 60000);
    assert.deepStrictEqual(lease, {
      success: true, leaseId: 'l', agentId: 'a', resource: 'FILE:/a', predicate: 'MUTATES', expiresAt: 5,
    });
    globalThis.fetch = async () => new Response('{"success":false,"reason":"WAIT","wait_time":7}', { status: 409 });
    const refused = await client.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 60000);
    assert.deepStrictEqual(refused, { success: false, reason: 'WAIT', waitTime: 7 });
  } finally {
    globalThis.fetch = fetch;
  }
});
