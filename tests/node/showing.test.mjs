// What console.log shows of our objects: what helps, and nothing that lets a reader of a log act in somebody's place.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { Klock, KlockClient, KlockHttpClient } from '@klock-protocol/core';
import { freeAddress } from './server.mjs';
import { newFile, onEachStore, wanted } from './support.mjs';

const KEY = 'a-secret-of-the-test-0123456789';

onEachStore('a guard', async (client) => {
  const guard = await new Klock(client, { agentId: 'ann', sessionId: 'run-1' }).files(['/a.ts', '/b.ts'], { mode: 'read' });
  const text = inspect(guard);
  const parts = ['LeaseGuard {', "'CONSUMES FILE:/a.ts'", "'CONSUMES FILE:/b.ts'", "'ann'", "'run-1'", `${guard.fencingToken}`, "'held'"];
  for (const part of parts) {
    assert.ok(text.includes(part), `${part} is not in ${text}`);
  }
  for (const { leaseId } of guard.leases) assert.ok(!inspect(guard, { depth: null, showHidden: true }).includes(leaseId));
  await guard.release();
  assert.match(inspect(guard), /state: 'released'/);
  const lost = await new Klock(client).file('/c.ts');
  client.revokeLease(lost.leaseId);
  await lost.release().catch(() => {});
  assert.match(inspect(lost), /state: 'lost: UNKNOWN_LEASE'/);
  assert.equal(inspect({ a: { guard } }, { depth: 1 }), '{ a: { guard: [LeaseGuard] } }');
});

test('clients and facades', async () => {
  const storage = newFile();
  const client = new KlockClient({ storage });
  assert.equal(inspect(client, { breakLength: Infinity }), `KlockClient { storage: '${storage}' }`);
  const klock = new Klock(client, { agentId: 'ann', sessionId: 'run-1', priority: 3 });
  const shown = `Klock { agentId: 'ann', sessionId: 'run-1', priority: 3, client: KlockClient { storage: '${storage}' } }`;
  assert.equal(inspect(klock, { breakLength: Infinity }), shown);
  await klock.close();
  assert.match(inspect(client), /isClosed: true/);
  const server = new KlockHttpClient({ baseUrl: 'http://127.0.0.1:9', apiKey: KEY, autoStart: false });
  const text = inspect(server, { depth: null, showHidden: true });
  assert.match(text, /^KlockHttpClient \{\s+baseUrl: 'http:\/\/127\.0\.0\.1:9',\s+apiKey: 'said, not shown',\s+autoStart: false/);
  for (const each of [server, new Klock(server)]) {
    assert.ok(!`${inspect(each, { depth: null, showHidden: true })}${JSON.stringify(each)}`.includes(KEY));
  }
});

test('errors', async () => {
  const client = new KlockClient();
  const held = client.acquire(wanted('holder', '/a', { note: 'new login' }));
  const conflict = await new Klock(client, { agentId: 'ann' }).file('/a', { maxRetries: 0 }).catch((error) => error);
  const text = inspect(conflict);
  for (const part of ['KlockConflictError', "agentId: 'ann'", "resourcePath: '/a'", "agentId: 'holder'", "note: 'new login'"]) {
    assert.ok(text.includes(part), `${part} is not in ${text}`);
  }
  assert.ok(!text.includes(held.leaseId));
  const server = new KlockHttpClient({ baseUrl: await freeAddress(), apiKey: KEY, autoStart: false });
  const unreachable = await server.releaseLease(held.leaseId).catch((error) => error);
  assert.match(inspect(unreachable), /KlockConnectionError.*ECONNREFUSED/s);
  assert.ok(!inspect(unreachable, { depth: null, showHidden: true }).includes(KEY));
  assert.ok(!unreachable.message.includes(held.leaseId));
});
