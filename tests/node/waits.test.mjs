// Waits: in the queue, any number at a time, beside everything else in the process, and given up without a trace.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KlockClient } from '@klock-protocol/core';
import { LONG_MS, count, newFile, onEachStore, runText, untilWaiting, wanted } from './support.mjs';

const wait = (client, agentId, path, more) => client.acquireAsync(wanted(agentId, path, { waitMs: LONG_MS, ...more }));

onEachStore('a wait is granted on release', async (client) => {
  const held = client.acquire(wanted('a'));
  const waiting = wait(client, 'b');
  await untilWaiting(client, 'b');
  client.releaseLease(held.leaseId);
  const lease = await waiting;
  assert.deepEqual([lease.success, lease.agentId], [true, 'b']);
  assert.ok(lease.fencingToken > held.fencingToken);
});

onEachStore('a wait that is over is a refusal', async (client) => {
  client.acquire(wanted('a'));
  const refused = await client.acquireAsync(wanted('b', '/a', { waitMs: 30 }));
  assert.deepEqual([refused.success, refused.reason, refused.conflicts[0].agentId], [false, 'WAIT_TIMEOUT', 'a']);
});

onEachStore('without waitMs the answer comes at once', async (client) => {
  client.acquire(wanted('a'));
  assert.equal((await client.acquireAsync(wanted('b'))).reason, 'DIE');
});

onEachStore('manifests and changes wait too', async (client) => {
  const held = client.acquire(wanted('a', '/a', { predicate: 'CONSUMES' }));
  const mine = client.acquire(wanted('0', '/a', { predicate: 'CONSUMES' }));
  client.releaseLease(mine.leaseId);
  const intents = [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/a' }];
  const all = client.acquireAllAsync({ agentId: 'b', sessionId: 's', intents, ttl: 1000, waitMs: LONG_MS });
  await untilWaiting(client, 'b');
  client.releaseLease(held.leaseId);
  const [lease] = (await all).leases;
  const changed = await client.changeLeaseAsync(lease.leaseId, 'CONSUMES', { waitMs: LONG_MS });
  assert.deepEqual([changed.leaseId, changed.predicate], [lease.leaseId, 'CONSUMES']);
});

onEachStore('a thousand waits at once, and the process goes on', async (client) => {
  const held = client.acquire(wanted('holder', '/d/**'));
  const waits = Array.from({ length: 1000 }, (_, number) => wait(client, `agent-${number}`, `/d/${number}`));
  let slowest = 0;
  for (let round = 0; round < 30; round++) {
    const began = performance.now();
    await Promise.all([fs.readFile(new URL(import.meta.url)), sleep(1)]);
    slowest = Math.max(slowest, performance.now() - began);
  }
  client.releaseLease(held.leaseId);
  const leases = await Promise.all(waits);
  assert.ok(leases.every((lease) => lease.success));
  assert.equal(client.activeLeaseCount(), 1000);
  assert.ok(slowest < 1000, `files and timers waited ${slowest} ms`);
});

onEachStore('an aborted wait leaves no waiter', async (client) => {
  client.registerAgent('old', 1);
  const held = client.acquire(wanted('holder'));
  const abort = new AbortController();
  const waiting = wait(client, 'old', '/a', { signal: abort.signal });
  await untilWaiting(client, 'old');
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, { message: 'enough' });
  client.releaseLease(held.leaseId);
  assert.ok(client.acquire(wanted('young')).success, 'the aborted one is still in the queue');
  await assert.rejects(wait(client, 'old', '/a', { signal: abort.signal }), { message: 'enough' });
  await assert.rejects(wait(client, 'old', '/a', { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
});

onEachStore('waits aborted at any moment leave no lease', async (client) => {
  for (let round = 0; round < 40; round++) {
    const held = client.acquire(wanted('holder'));
    const abort = new AbortController();
    const waits = Promise.allSettled([0, 1, 2, 3].map((number) => wait(client, `agent-${number}`, '/a', { signal: abort.signal })));
    if (round % 4) await sleep(round % 4);
    const releasing = sleep(round % 3).then(() => client.releaseLease(held.leaseId));
    if (round % 2) await releasing;
    abort.abort();
    await releasing;
    for (const each of await waits) {
      if (each.status === 'fulfilled' && each.value.success) client.releaseLease(each.value.leaseId);
    }
    assert.equal(client.activeLeaseCount(), 0, `round ${round}`);
  }
});

onEachStore('closing the client ends its waits', async (client) => {
  client.acquire(wanted('a'));
  const waits = [wait(client, 'b'), wait(client, 'c')];
  await untilWaiting(client, 'c');
  client.close();
  for (const each of waits) await assert.rejects(each, { code: 'CLOSED' });
  await assert.rejects(wait(client, 'd'), { code: 'CLOSED' });
});

test('closing one of two clients on a file ends its own waits alone', async () => {
  const storage = newFile();
  const one = new KlockClient({ storage }), two = new KlockClient({ storage });
  const held = two.acquire(wanted('a'));
  const ended = wait(one, 'b'), goesOn = wait(two, 'c');
  await untilWaiting(two, 'b');
  await untilWaiting(two, 'c');
  one.close();
  await assert.rejects(ended, { code: 'CLOSED' });
  two.releaseLease(held.leaseId);
  assert.equal((await goesOn).agentId, 'c');
  assert.equal(count(two, 'GRANTED', 'b'), 0);
  two.close();
});

test('waits in many stores at once all end, and files can still be read', async () => {
  const clients = Array.from({ length: 8 }, () => new KlockClient({ storage: newFile() }));
  const held = clients.map((client) => client.acquire(wanted('a')));
  const waits = clients.map((client) => wait(client, 'b'));
  for (const client of clients) await untilWaiting(client, 'b');
  await fs.readFile(new URL(import.meta.url));
  clients.forEach((client, index) => client.releaseLease(held[index].leaseId));
  assert.ok((await Promise.all(waits)).every((lease) => lease.success));
  clients.forEach((client) => client.close());
});

test('another process lets go', async () => {
  const storage = newFile();
  const client = new KlockClient({ storage });
  const held = client.acquire(wanted('a'));
  const waiting = wait(client, 'b');
  await untilWaiting(client, 'b');
  const release = `import { KlockClient } from '@klock-protocol/core';
    process.exitCode = new KlockClient({ storage: process.argv[2] }).releaseLease(process.argv[3]) ? 0 : 1;`;
  assert.deepEqual(await runText(release, [storage, held.leaseId]), { code: 0, output: '' });
  assert.equal((await waiting).agentId, 'b');
  client.close();
});
