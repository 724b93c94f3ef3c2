// An unknown option is refused everywhere, with a suggestion: ignored, it would be a wish without effect.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Klock, KlockClient, KlockError, KlockHttpClient, klockProtected } from '@klock-protocol/core';
import { wanted } from './support.mjs';

const client = new KlockClient();
const server = new KlockHttpClient({ baseUrl: 'http://127.0.0.1:9', autoStart: false });
const klock = new Klock(client, { agentId: 'a' });
const intents = [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/a' }];
const manifest = { agentId: 'a', sessionId: 's', intents };
const work = () => assert.fail('called');

const CALLS = {
  'new KlockClient': ['storage', (more) => new KlockClient(more)],
  'new KlockHttpClient': ['autoStart', (more) => new KlockHttpClient(more)],
  'new Klock': ['agentId', (more) => new Klock(client, more)],
  'Klock.embedded': ['storage', (more) => Klock.embedded(more)],
  'Klock.local': ['serverCommand', (more) => Klock.local(more)],
  acquire: ['requestId', (more) => client.acquire({ ...wanted('a'), ...more })],
  acquireAsync: ['waitMs', (more) => client.acquireAsync({ ...wanted('a'), ...more })],
  acquireLease: ['note', (more) => client.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 1000, more)],
  acquireAll: ['namespace', (more) => client.acquireAll({ ...manifest, ttl: 1000, ...more })],
  'an intent': ['resourceType', (more) => client.acquireAll({ ...manifest, ttl: 1000, intents: [{ ...intents[0], ...more }] })],
  declareIntent: ['intents', (more) => client.declareIntent({ ...manifest, ...more })],
  changeLeaseAsync: ['signal', (more) => client.changeLeaseAsync('x', 'CONSUMES', more)],
  heartbeatLease: ['ttl', (more) => client.heartbeatLease('x', more)],
  listLeases: ['agentId', (more) => client.listLeases(more)],
  listWaiters: ['resource', (more) => client.listWaiters(more)],
  snapshot: ['limit', (more) => client.snapshot(more)],
  events: ['after', (more) => client.events(more)],
  'acquire over HTTP': ['waitMs', (more) => server.acquire({ ...wanted('a'), ...more })],
  'acquireLease over HTTP': ['signal', (more) => server.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 1000, more)],
  'changeLease over HTTP': ['waitMs', (more) => server.changeLease('x', 'CONSUMES', more)],
  file: ['maxRetries', (more) => klock.file('/a', more)],
  withFile: ['ttlMs', (more) => klock.withFile('/a', more, work)],
  withFiles: ['mode', (more) => klock.withFiles(['/a'], more, work)],
  withResource: ['note', (more) => klock.withResource('CUSTOM', 'a', more, work)],
  withRename: ['signal', (more) => klock.withRename('/a', '/b', more, work)],
  klockProtected: ['resourcePath', (more) => klockProtected(work, { client, agentId: 'a', resourcePath: () => '/a', ...more })],
};

const snake = (name) => name.replace(/[A-Z]/g, (letter) => '_' + letter.toLowerCase());

for (const [name, [option, call]] of Object.entries(CALLS)) {
  test(`${name} refuses what is no option`, async () => {
    const near = `did you mean ${option}?`;
    const cases = [[option.slice(0, -1), near], [option.toUpperCase(), near], ['banana', 'there are ']];
    const takesBoth = name === 'an intent' || name === 'declareIntent';
    if (snake(option) !== option && !takesBoth) cases.push([snake(option), near]);
    for (const [wrong, told] of cases) {
      await assert.rejects(async () => call({ [wrong]: undefined }), (error) => {
        assert.ok(error instanceof KlockError, error.stack);
        assert.equal(error.code, 'INVALID_REQUEST');
        assert.ok(error.message.includes(JSON.stringify(wrong)) && error.message.includes(told), error.message);
        return true;
      });
    }
  });
}

test('a name of any length', () => {
  assert.throws(() => client.listLeases({ ['x'.repeat(2 ** 20)]: 1 }), (error) => error.message.length < 300);
});
