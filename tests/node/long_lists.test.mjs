// Lists of more entries than one answer has: they are whole all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KlockClient, KlockHttpClient } from '@klock-protocol/core';
import { startServer } from './server.mjs';

const ALL = 100_001;

async function fill(client) {
  for (let first = 0; first < ALL; first += 256) {
    const intents = Array.from({ length: Math.min(256, ALL - first) }, (_, i) => ({
      predicate: 'MUTATES',
      resourceType: 'CUSTOM',
      resourcePath: `${first + i}`,
    }));
    const granted = await client.acquireAll({ agentId: 'a', sessionId: 's', intents, ttl: 60_000_000 });
    assert.ok(granted.success);
  }
}

const isWhole = (leases) => leases.length === ALL && leases.every((lease, i) => lease.resource === `CUSTOM:${i}`);

test('a list that is too long for an answer is whole', async () => {
  const client = new KlockClient({ storage: 'memory' });
  await fill(client);
  assert.ok(isWhole(client.listLeases({ agentId: 'a' })));
  assert.equal(client.activeLeaseCount(), ALL);
  assert.equal(client.listLeases({ resource: 'CUSTOM:7' }).length, 1);
  assert.throws(() => client.listLeases({ resource: 'no type' }), { code: 'INVALID_REQUEST', message: /resource has no type/ });
  client.close();
});

test('so is one of agents, whose pages go on behind a text', () => {
  const client = new KlockClient({ storage: 'memory' });
  // Idle agents are forgotten beyond 100,000, so each of these holds something.
  for (let at = 0; at < ALL; at++) {
    client.acquireLease(`agent ${at}`, 's', 'CUSTOM', `${at}`, 'MUTATES', 60_000_000);
  }
  assert.equal(new Set(client.listAgents().map((agent) => agent.agentId)).size, ALL);
  assert.throws(() => client.snapshot(), { code: 'INVALID_REQUEST', message: /there are more than 100000 to list/ });
  assert.deepEqual(client.snapshot({ resource: 'CUSTOM:7', agents: 'none' }).agents, []);
  client.close();
});

test('over HTTP too', async () => {
  const { baseUrl } = await startServer();
  const client = new KlockHttpClient({ baseUrl, autoStart: false });
  await fill(client);
  assert.ok(isWhole(await client.listLeases()));
  assert.equal(await client.activeLeaseCount(), ALL);
  await assert.rejects(client.listLeases({ resource: 'no type' }), { code: 'INVALID_REQUEST', message: /resource has no type/ });
});
