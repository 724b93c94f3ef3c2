// The ends of clients, threads and processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { KlockClient } from '@klock-protocol/core';
import { newFile, runText, untilWaiting, wanted } from './support.mjs';

const BEGIN = `import { KlockClient } from '@klock-protocol/core';
  const wanted = (agentId, waitMs) => ({ agentId, sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES',
    ttl: 600000, waitMs });
  const client = new KlockClient({ storage: process.argv[2] });
  client.acquire(wanted('a'));
`;
const stores = () => ['memory', newFile()];

test('a process ends at once by process.exit while it waits', async () => {
  for (const storage of stores()) {
    const began = performance.now();
    const text = `${BEGIN} client.acquireAsync(wanted('b', 3600000)); setTimeout(() => process.exit(7), 100);`;
    assert.deepEqual(await runText(text, [storage]), { code: 7, output: '' });
    assert.ok(performance.now() - began < 20_000);
  }
});

test('a process ends by itself when nothing waits any more, guards and open clients or not', async () => {
  for (const storage of stores()) {
    const text = `${BEGIN}
      import { Klock } from '@klock-protocol/core';
      await new Klock(client).file('/b');
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await client.acquireAsync({ ...wanted('b', 3600000), signal: abort.signal }).catch(() => console.log('aborted'));`;
    assert.deepEqual(await runText(text, [storage]), { code: 0, output: 'aborted\n' });
  }
});

test('a process goes on for as long as it waits', async () => {
  const text = `${BEGIN.replace('600000', '300')} console.log((await client.acquireAsync(wanted('b', 60000))).agentId);`;
  assert.deepEqual(await runText(text, ['memory']), { code: 0, output: 'b\n' });
});

test('an error that nobody catches ends a process that waits', async () => {
  const text = `${BEGIN} client.acquireAsync(wanted('b', 3600000)); setTimeout(() => { throw new Error('mine'); }, 50);`;
  const { code, output } = await runText(text, ['memory']);
  assert.equal(code, 1);
  assert.match(output, /Error: mine/);
});

test('clients that nobody closes are closed when they are collected', async () => {
  // 4096 may be open at a time.
  const text = `import { KlockClient } from '@klock-protocol/core';
    for (let number = 0; number < 4600; number++) {
      new KlockClient().acquire({ agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 9 });
      if (number % 400 === 0) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
    }
    console.log('done');`;
  assert.deepEqual(await runText(text, [], ['--expose-gc']), { code: 0, output: 'done\n' });
});

test('a client with a wait is not collected', async () => {
  const text = `${BEGIN} let other = new KlockClient({ storage: process.argv[2] });
    const waiting = other.acquireAsync(wanted('b', 60000));
    other = undefined;
    for (let round = 0; round < 10; round++) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)); }
    client.endSession('a', 's');
    console.log((await waiting).agentId);`;
  assert.deepEqual(await runText(text, [newFile()], ['--expose-gc']), { code: 0, output: 'b\n' });
});

const WORKER = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { Klock } from '@klock-protocol/core';
  const klock = Klock.embedded({ agentId: workerData.agentId, storage: workerData.storage });
  for (let turn = 0; turn < workerData.turns; turn++) {
    await klock.withFile('/a', { maxRetries: 60 }, async () => {
      const cells = new Int32Array(workerData.cells);
      const read = cells[0];
      await new Promise((resolve) => setTimeout(resolve, 1));
      cells[0] = read + 1;
    });
  }
  await klock.close();
`;

function worker(text, workerData) {
  // A module text of its own finds the package only from a file here, so the text imports by the address that this file sees.
  const core = import.meta.resolve('@klock-protocol/core');
  const source = `data:text/javascript,${encodeURIComponent(text.replaceAll("'@klock-protocol/core'", `'${core}'`))}`;
  return new Worker(new URL(source), { workerData });
}

test('worker threads take turns on one file', async () => {
  const storage = newFile(), cells = new SharedArrayBuffer(4);
  const workers = [0, 1, 2].map((number) => worker(WORKER, { storage, cells, turns: 10, agentId: `worker-${number}` }));
  await Promise.all(workers.map((each) => new Promise((resolve, reject) => {
    each.on('error', reject);
    each.on('exit', resolve);
  })));
  assert.equal(new Int32Array(cells)[0], 30);
});

test('a worker that waits can be terminated', async () => {
  const storage = newFile();
  const client = new KlockClient({ storage });
  const held = client.acquire(wanted('a'));
  const waiting = worker(WORKER, { storage, cells: new SharedArrayBuffer(4), turns: 1, agentId: 'b' });
  await untilWaiting(client, 'b');
  await waiting.terminate();
  assert.ok(client.heartbeatLease(held.leaseId));
  client.close();
});
