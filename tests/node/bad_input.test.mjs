// Whatever comes in: a typed error that names what was wrong, and a store that stays as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Klock, KlockClient, KlockError } from '@klock-protocol/core';
import { wanted } from './support.mjs';

const client = new KlockClient();
client.acquire(wanted('holder', '/held'));
const before = JSON.stringify([client.listLeases(), client.listAgents()]);

function refused(call, field, code = 'INVALID_REQUEST') {
  assert.throws(call, (error) => {
    assert.ok(error instanceof KlockError, `${error.stack}`);
    assert.equal(error.code, code);
    assert.ok(error.message.includes(field), error.message);
    assert.ok(error.message.length < 700, 'an oversized value is echoed');
    return true;
  });
  assert.equal(JSON.stringify([client.listLeases(), client.listAgents()]), before);
}

const circle = {};
circle.self = circle;

const WRONG = {
  agentId: [7, null, '', [], {}, undefined, '\ud800', 'x'.repeat(257), Symbol('a'), 10n, circle, () => 1],
  sessionId: [true, null, ''],
  resourceType: ['FOLDER', 1, null, undefined],
  resourcePath: ['', '../up', '/a/*.c', '/a\0b', '/\udfff', Buffer.from('/a'), 'x'.repeat(4097)],
  predicate: ['WRITES', 2, null, undefined],
  ttl: ['60000', 1.5, NaN, Infinity, -1, 0, 86400001, 1e21, 2n ** 70n, undefined],
  note: [5, 'x'.repeat(1025)],
  requestId: ['', {}, 'x'.repeat(129)],
};

for (const [field, values] of Object.entries(WRONG)) {
  test(`${field} of the wrong kind`, async () => {
    for (const value of values) {
      refused(() => client.acquire(wanted('a', '/new', { [field]: value })), field);
      await assert.rejects(client.acquireAsync(wanted('a', '/new', { [field]: value, waitMs: 5 })), { code: 'INVALID_REQUEST' });
    }
  });
}

test('the time to wait', async () => {
  refused(() => client.acquire(wanted('a', '/new', { waitMs: 5 })), 'acquireAsync');
  refused(() => client.acquireLease('a', 's', 'FILE', '/new', 'MUTATES', 1000, { waitMs: 5 }), 'acquireAsync');
  for (const waitMs of [-1, 3600001, 0.5, '1']) {
    await assert.rejects(client.acquireAsync(wanted('a', '/new', { waitMs })), (error) => error.message.includes('waitMs'));
  }
});

test('arguments that are no objects', async () => {
  for (const options of [undefined, null, 5, 'text']) {
    refused(() => client.acquire(options), 'options');
    await assert.rejects(client.acquireAsync(options), { code: 'INVALID_REQUEST' });
    refused(() => client.acquireAll(options), 'options');
    refused(() => client.declareIntent(options), 'manifest');
  }
  refused(() => client.acquireAll({ agentId: 'a', sessionId: 's', ttl: 1000, intents: [7] }), 'intents[0]');
  refused(() => client.acquireAll({ agentId: 'a', sessionId: 's', ttl: 1000, intents: 'all' }), 'intents');
  refused(() => client.declareIntent({ agentId: 'a', sessionId: 's', intents: [circle] }), 'manifest');
  refused(() => client.listLeases({ resource: 'auth.ts' }), 'resource');
  refused(() => client.events({ limit: 0 }), 'limit');
});

test('lease ids and priorities', () => {
  for (const leaseId of [7, null, undefined, '', {}]) {
    refused(() => client.releaseLease(leaseId), 'leaseId');
    refused(() => client.changeLease(leaseId, 'CONSUMES'), 'leaseId');
  }
  assert.equal(client.releaseLease('x'), false);
  for (const priority of [-1, 1.5, '1', null, undefined, 2n ** 64n]) refused(() => client.registerAgent('new', priority), 'priority');
});

test('a text of hundreds of megabytes', () => {
  for (const length of [2 ** 21, 2 ** 29 - 32]) {
    refused(() => client.acquire(wanted('a', 'x'.repeat(length))), '1048576', 'PAYLOAD_TOO_LARGE');
  }
});

test('stores that cannot be opened', () => {
  refused(() => new KlockClient({ storage: null }), 'storage');
  refused(() => new KlockClient({ storage: 7 }), 'storage');
  refused(() => new KlockClient({ storage: 'redis:x' }), 'storage');
  refused(() => new KlockClient('memory'), 'options');
  refused(() => new KlockClient({ storage: 'sqlite:/klock-no-such-folder/x.db' }), '', 'STORAGE_UNAVAILABLE');
});

test('the facade', async () => {
  const klock = new Klock(client, { agentId: 'a' });
  const work = () => assert.fail('granted');
  const wrong = [['', {}], ['/a', { mode: 'write' }], ['/a', { mode: null }], ['/a', { maxRetries: -1 }], ['/a', { ttlMs: 0 }],
    ['/a', { note: 5 }], ['/a', { signal: 'stop' }], [null, {}], [7, {}], ['/a/*.c', {}], ['/a', null], ['/a', 5]];
  for (const [path, options] of wrong) {
    await assert.rejects(klock.withFile(path, options, work), { name: 'KlockError', code: 'INVALID_REQUEST' });
    await assert.rejects(klock.file(path, options), { name: 'KlockError', code: 'INVALID_REQUEST' });
  }
  await assert.rejects(klock.withFile('/a'), /callback/);
  assert.throws(() => new Klock({}), /client/);
  assert.throws(() => Klock.embedded({ agentId: 'a', priority: -1 }), { code: 'INVALID_REQUEST' });
  await assert.rejects(new Klock(client, { agentId: '' }).file('/a'), /agentId/);
});
