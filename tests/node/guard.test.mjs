// withFile and file: a lease for as long as the work takes, renewed, and never silently lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockConflictError, KlockLeaseLostError } from '@klock-protocol/core';
import { newFile, onEachStore, until, untilWaiting } from './support.mjs';

const SHORT_TTL_MS = 300;

onEachStore('the lease is there while the callback runs, and gone after it', async (client) => {
  const klock = new Klock(client, { agentId: 'a' });
  const result = await klock.withFile('/src/../a.ts', { note: 'new login' }, (guard) => {
    const [lease] = client.listLeases();
    assert.deepEqual([lease.id, lease.resource, lease.note], [guard.leaseId, 'FILE:/a.ts', 'new login']);
    assert.equal(guard.lost, false);
    return 42;
  });
  assert.deepEqual([result, client.activeLeaseCount()], [42, 0]);
});

test('modes', async () => {
  const klock = Klock.embedded({ storage: 'memory' });
  const modes = { read: 'CONSUMES', mutate: 'MUTATES', delete: 'DELETES', rename: 'RENAMES', provide: 'PROVIDES', depend: 'DEPENDS_ON' };
  for (const [mode, predicate] of Object.entries(modes)) {
    await klock.withFile('/a', { mode }, (guard) => assert.equal(guard.lease.predicate, predicate));
  }
  await klock.close();
});

onEachStore('what the callback throws comes through, and the lease goes', async (client) => {
  const klock = new Klock(client);
  await assert.rejects(klock.withFile('/a', async () => { throw new TypeError('mine'); }), { message: 'mine' });
  assert.equal(client.activeLeaseCount(), 0);
});

onEachStore('it waits in the queue until the holder lets go', async (client) => {
  const [one, two] = ['one', 'two'].map((agentId) => new Klock(client, { agentId }));
  const order = [];
  let waiting;
  await one.withFile('/a', async () => {
    waiting = two.withFile('/a', () => order.push('two'));
    await untilWaiting(client, 'two');
    order.push('one');
  });
  await waiting;
  assert.deepEqual(order, ['one', 'two']);
});

onEachStore('not free in time', async (client) => {
  const [one, two] = ['one', 'two'].map((agentId) => new Klock(client, { agentId }));
  await one.withFile('/a', async () => {
    await assert.rejects(two.withFile('/a', { maxRetries: 0 }, () => assert.fail('two hold it')), (error) => {
      assert.ok(error instanceof KlockConflictError);
      assert.deepEqual([error.code, error.agentId, error.resourcePath], [error.reason, 'two', '/a']);
      assert.ok(['WAIT', 'DIE'].includes(error.reason) && error.waitTimeMs <= 1000 && error.conflicts[0].agentId === 'one');
      return true;
    });
    await assert.rejects(two.withFile('/a', { maxRetries: 1 }, () => assert.fail('two hold it')), { code: 'WAIT_TIMEOUT' });
  });
});

onEachStore('the reason is the verdict that stood when the time was up', async (client) => {
  const [old, young] = ['old', 'young'].map((agentId, priority) => new Klock(client, { agentId, priority }));
  const late = { maxRetries: 1 };
  const notReached = () => assert.fail('two hold it');
  await old.withFile('/a', () => assert.rejects(young.withFile('/a', late, notReached), { reason: 'DIE', code: 'WAIT_TIMEOUT' }));
  await young.withFile('/a', () => assert.rejects(old.withFile('/a', late, notReached), { reason: 'WAIT', code: 'WAIT_TIMEOUT' }));
});

onEachStore('one inside another rejects on DIE at once', async (client) => {
  const [old, young] = ['old', 'young'].map((agentId, priority) => new Klock(client, { agentId, priority }));
  await old.withFile('/a', () => young.withFile('/b', async () => {
    await assert.rejects(young.withFile('/a', { maxRetries: 3600 }, () => assert.fail('two hold it')), { reason: 'DIE' });
  }));
});

onEachStore('an aborted wait leaves nothing', async (client) => {
  const [one, two] = ['one', 'two'].map((agentId) => new Klock(client, { agentId }));
  const abort = new AbortController();
  await one.withFile('/a', async () => {
    const waiting = two.withFile('/a', { signal: abort.signal }, () => assert.fail('two hold it'));
    await untilWaiting(client, 'two');
    abort.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });
  assert.equal(client.activeLeaseCount(), 0);
});

onEachStore('it is renewed while the work goes on', async (client) => {
  await new Klock(client).withFile('/a', { ttlMs: SHORT_TTL_MS }, async (guard) => {
    await until(() => client.listLeases()[0].expiresAt > guard.lease.expiresAt + 2 * SHORT_TTL_MS);
    assert.equal(guard.lost, false);
  });
  assert.equal(client.activeLeaseCount(), 0);
});

onEachStore('a lease that was taken away is seen, aborts its signal, and rejects at the end', async (client) => {
  const klock = new Klock(client);
  await assert.rejects(klock.withFile('/a', { ttlMs: SHORT_TTL_MS }, async (guard) => {
    client.revokeLease(guard.leaseId);
    await assert.rejects(sleep(20_000, undefined, { signal: guard.signal }), { name: 'AbortError' });
    assert.ok(guard.lost && guard.signal.reason instanceof KlockLeaseLostError);
  }), { name: 'KlockLeaseLostError', code: 'UNKNOWN_LEASE' });
  await assert.rejects(klock.withFile('/a', (guard) => {
    client.revokeLease(guard.leaseId);
    throw new Error('mine');
  }), { message: 'mine' });
});

onEachStore('work that holds up the event loop for longer than the lease lasts is told so', async (client) => {
  await assert.rejects(new Klock(client).withFile('/a', { ttlMs: 20 }, () => {
    for (const end = performance.now() + 60; performance.now() < end; );
  }), { name: 'KlockLeaseLostError', code: 'EXPIRED' });
});

onEachStore('a guard is released by hand or by using', async (client) => {
  const klock = new Klock(client);
  const guard = await klock.file('/a');
  assert.equal(client.activeLeaseCount(), 1);
  await guard.release();
  await guard.release();
  assert.equal(client.activeLeaseCount(), 0);
  const other = await klock.file('/a');
  assert.ok(other.fencingToken > guard.fencingToken);
  await other[Symbol.asyncDispose]();
  assert.deepEqual([client.activeLeaseCount(), other.lost], [0, false]);
});

test('closing lets everything go that the session holds', async () => {
  const storage = newFile();
  const klock = Klock.embedded({ agentId: 'a', storage }), other = Klock.embedded({ agentId: 'b', storage });
  await klock.file('/a');
  await klock.file('/b');
  assert.equal(other.client.activeLeaseCount(), 2);
  await klock[Symbol.asyncDispose]();
  assert.equal(other.client.activeLeaseCount(), 0);
  await assert.rejects(klock.file('/a'), { code: 'CLOSED' });
  await other.close();
});

test('agents that add to one number lose none', async () => {
  const storage = newFile();
  const agents = Array.from({ length: 8 }, (_, number) => Klock.embedded({ agentId: `agent-${number}`, storage }));
  let number = 0;
  await Promise.all(agents.map(async (klock) => {
    for (let turn = 0; turn < 10; turn++) {
      await klock.withFile('/number', { maxRetries: 60 }, async () => {
        const read = number;
        await sleep(0);
        number = read + 1;
      });
    }
  }));
  assert.equal(number, 80);
  await Promise.all(agents.map((klock) => klock.close()));
});
