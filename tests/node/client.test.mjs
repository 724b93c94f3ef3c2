// The verbs of the embedded client: what goes in, what comes out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KlockClient, KlockError, canonicalPath } from '@klock-protocol/core';
import { newFile, onEachStore, wanted } from './support.mjs';

test('a program of the original product runs unchanged', () => {
  const client = new KlockClient();
  client.registerAgent('refactor-bot', 100);
  client.registerAgent('lint-bot', 200);
  const first = JSON.parse(client.acquireLease('refactor-bot', 's1', 'FILE', '/src/auth.ts', 'MUTATES', 60000));
  assert.equal(first.success, true);
  assert.equal(first.resource, 'FILE:/src/auth.ts');
  const second = JSON.parse(client.acquireLease('lint-bot', 's2', 'FILE', '/src/auth.ts', 'MUTATES', 60000));
  assert.deepEqual([second.success, second.reason, second.waitTime], [false, 'DIE', 1000]);
  assert.equal(client.activeLeaseCount(), 1);
  assert.equal(client.releaseLease(first.leaseId), true);
  assert.equal(client.releaseLease(first.leaseId), false);
  assert.equal(client.activeLeaseCount(), 0);
  assert.equal(client.evictExpired(), 0);
});

onEachStore('a grant has these fields', (client) => {
  const lease = client.acquire(wanted('a'));
  const fields = ['success', 'leaseId', 'agentId', 'sessionId', 'resource', 'predicate', 'expiresAt', 'fencingToken'];
  assert.deepEqual(Object.keys(lease), fields);
  assert.match(lease.leaseId, /^[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(JSON.parse(client.acquireLease('a', 's', 'FILE', '/b', 'MUTATES', 1000))), fields);
  assert.deepEqual([lease.agentId, lease.sessionId, lease.resource, lease.predicate], ['a', 's', 'FILE:/a', 'MUTATES']);
  const [listed] = client.listLeases({ resource: 'FILE:/a' });
  assert.deepEqual([listed.id, listed.expiresAt, listed.fencingToken], [lease.leaseId, lease.expiresAt, lease.fencingToken]);
});

onEachStore('a refusal says who is in the way', (client) => {
  const held = client.acquire(wanted('a', '/a', { note: 'new login' }));
  const refused = client.acquire(wanted('b'));
  assert.deepEqual(Object.keys(refused), ['success', 'reason', 'waitTime', 'message', 'conflicts']);
  const [conflict] = refused.conflicts;
  assert.deepEqual([conflict.agentId, conflict.state, conflict.note], ['a', 'held', 'new login']);
  assert.ok(!JSON.stringify(refused).includes(held.leaseId), 'a refused agent is handed the means to release');
});

onEachStore('all or none, changes, sessions', (client) => {
  const intents = ['/x', '/y'].map((resourcePath) => ({ predicate: 'CONSUMES', resourceType: 'FILE', resourcePath }));
  const all = client.acquireAll({ agentId: 'a', sessionId: 's', intents, ttl: 60000 });
  assert.deepEqual(all.leases.map((lease) => lease.resource), ['FILE:/x', 'FILE:/y']);
  const changed = client.changeLease(all.leases[0].leaseId, 'MUTATES');
  assert.deepEqual([changed.leaseId, changed.predicate], [all.leases[0].leaseId, 'MUTATES']);
  assert.ok(changed.fencingToken > all.leases[1].fencingToken);
  assert.equal(client.acquireAll({ agentId: 'b', sessionId: 's', intents, ttl: 60000 }).success, false);
  assert.equal(client.renewSession('a', 's'), 2);
  assert.equal(client.heartbeatLease(changed.leaseId), true);
  assert.equal(client.revokeLease(changed.leaseId), true);
  assert.equal(client.heartbeatLease(changed.leaseId), false);
  assert.equal(client.endSession('a', 's'), 1);
});

onEachStore('agents, events and declared intents', (client) => {
  client.registerAgent('a', 7);
  client.registerAgent('b', 2n ** 64n - 1n);
  assert.deepEqual(client.listAgents()[0], { agentId: 'a', priority: 7 });
  client.acquire(wanted('a'));
  const verdict = client.declareIntent({
    agentId: 'b', sessionId: 's', intents: [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/a' }],
  });
  assert.deepEqual([verdict.success, verdict.status, verdict.heldBy, verdict.agentId], [false, 'Die', 'a', 'b']);
  assert.equal(typeof verdict.retryAfterMs, 'number');
  const kinds = client.events().map((event) => event.kind);
  assert.ok(kinds.includes('GRANTED') && kinds.includes('REGISTERED'));
  const last = client.events().at(-1);
  assert.deepEqual(client.events({ after: last.seq }), []);
  assert.equal(client.events({ limit: 1 }).length, 1);
});

onEachStore('the same request id gets the same lease', (client) => {
  const request = wanted('a', '/a', { requestId: 'r1' });
  assert.equal(client.acquire(request).leaseId, client.acquire(request).leaseId);
});

test('clients on one file share it, and each is closed by itself', () => {
  const storage = newFile();
  const one = new KlockClient({ storage }), two = new KlockClient({ storage });
  const lease = one.acquire(wanted('a'));
  one.close();
  one.close();
  assert.throws(() => one.listLeases(), { code: 'CLOSED' });
  assert.equal(two.releaseLease(lease.leaseId), true);
  two.close();
  const three = new KlockClient({ storage });
  assert.equal(three.activeLeaseCount(), 0);
  three.close();
});

test('memory is one client\'s own', () => {
  const one = new KlockClient(), two = new KlockClient();
  assert.ok(one.acquire(wanted('a')).success && two.acquire(wanted('b')).success);
});

test('using closes a client', () => {
  const client = new KlockClient();
  client[Symbol.dispose]();
  assert.throws(() => client.acquire(wanted('a')), { code: 'CLOSED' });
});

test('a path is made canonical', () => {
  const { resourcePath, root, namespace, store } = canonicalPath('x/../b.c', '/klock-no-such-folder');
  assert.deepEqual([resourcePath, root, namespace], ['/klock-no-such-folder/b.c', null, null]);
  assert.match(store, /^sqlite:\//);
  assert.throws(() => canonicalPath(''), KlockError);
});
