// Waits that continue while a server restarts, within their own time, and without being granted anything twice.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockConnectionError, KlockHttpClient } from '@klock-protocol/core';
import { freeAddress, otherServer, startServer } from './server.mjs';
import { LONG_MS, WITHIN_MS, runText, temporaryFolder, until, wanted } from './support.mjs';

/** A server on a file, which can be started again at the same place: at its port, or its socket. */
async function restartable() {
  const folder = temporaryFolder();
  const port = new URL(await freeAddress()).port;
  const socketPath = path.join(folder, 'klock.sock');
  const parameters = ['--port', port, '--storage', `sqlite:${path.join(folder, 'klock.db')}`, '--socket', socketPath];
  const start = () => startServer({}, parameters);
  return { ...(await start()), start, socketPath };
}

async function untilWaiting(client, agentId) {
  await until(async () => (await client.listWaiters({ agentId })).length > 0, `${agentId} does not wait`);
}

for (const way of ['SIGTERM', 'SIGKILL']) {
  for (const at of ['baseUrl', 'socketPath']) {
    test(`a wait goes on over a restart by ${way}, asked at a ${at}`, { timeout: WITHIN_MS }, async () => {
      const server = await restartable();
      const client = new KlockHttpClient({ [at]: server[at], autoStart: false });
      const held = await client.acquire(wanted('a'));
      const one = client.acquire(wanted('b', '/a', { waitMs: LONG_MS }));
      const intents = [{ predicate: 'CONSUMES', resourceType: 'FILE', resourcePath: '/a' }];
      const manifest = { agentId: 'c', sessionId: 's', ttl: 600_000, intents };
      const all = client.acquireAll({ ...manifest, waitMs: LONG_MS });
      await untilWaiting(client, 'b');
      await untilWaiting(client, 'c');
      await server.end(way);
      await sleep(300);
      const again = await server.start();
      await untilWaiting(client, 'b');
      assert.ok(await client.releaseLease(held.leaseId));
      const first = await Promise.race([one, all.then(({ leases }) => leases[0])]);
      await client.releaseLease(first.leaseId);
      const last = first.agentId === 'b' ? (await all).leases[0] : await one;
      await client.releaseLease(last.leaseId);
      assert.deepEqual(await client.listLeases(), [], 'a request was granted twice');
      await again.end();
    });
  }
}

test('what was granted while the answer could not come is what the wait gets', { timeout: WITHIN_MS }, async () => {
  const server = await restartable();
  const client = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false });
  const held = await client.acquire(wanted('a'));
  const waiting = client.acquire(wanted('b', '/a', { waitMs: LONG_MS }));
  await untilWaiting(client, 'b');
  server.child.kill('SIGSTOP'); // it reads nothing more, so the release and the end of the connection are there when it goes on
  const patient = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false, timeoutMs: LONG_MS });
  const released = patient.releaseLease(held.leaseId).catch(() => false);
  await sleep(100);
  server.child.kill('SIGCONT');
  await server.end('SIGTERM');
  const isReleased = await released;
  const again = await server.start();
  if (!isReleased) await client.releaseLease(held.leaseId); // the server ended before it had read the release
  const lease = await waiting;
  assert.deepEqual((await client.listLeases()).map(({ id, agentId }) => [id, agentId]), [[lease.leaseId, 'b']]);
  await again.end();
});

test('the facade waits on, and lets go, over a restart', { timeout: WITHIN_MS }, async () => {
  const server = await restartable();
  const clients = [0, 1].map(() => new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false }));
  const [one, two] = clients.map((client, priority) => new Klock(client, { agentId: ['one', 'two'][priority], priority }));
  const order = [];
  let waiting;
  let again;
  await one.withFile('/a', async () => {
    waiting = two.withFile('/a', { maxRetries: 60 }, () => order.push('two'));
    await untilWaiting(clients[0], 'two');
    await server.end('SIGTERM');
    order.push('one');
    setTimeout(async () => (again = await server.start()), 300); // while it lets go
  });
  await waiting;
  assert.deepEqual(order, ['one', 'two']);
  await until(() => again !== undefined);
  await again.end();
});

test('it is said once, for all that wait', { timeout: WITHIN_MS }, async () => {
  const server = await restartable();
  const text = `import { KlockHttpClient } from '@klock-protocol/core';
    const client = new KlockHttpClient({ baseUrl: process.argv[2], autoStart: false });
    const file = { sessionId: 's', resourceType: 'FILE', resourcePath: '/a', predicate: 'MUTATES', ttl: 3000 };
    const wanted = (agentId, waitMs) => ({ agentId, ...file, waitMs });
    await client.acquire(wanted('a'));
    const take = async (agentId) => {
      const got = await client.acquire(wanted(agentId, 60000));
      if (!got.success) throw new Error(JSON.stringify(got));
      await client.releaseLease(got.leaseId);
    };
    await Promise.all(['b', 'c', 'd'].map(take));`;
  const done = runText(text, [server.baseUrl]);
  const client = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false });
  for (const agentId of ['b', 'c', 'd']) await untilWaiting(client, agentId);
  await server.end('SIGKILL');
  await sleep(300);
  const again = await server.start();
  const { code, output } = await done;
  assert.equal(code, 0, output);
  assert.match(output, /^klock: The server at http:\/\/\S+ could not be asked: [^\n]+ What waits goes on waiting\.\n$/);
  await again.end();
});

test('the time to wait is one\'s own', { timeout: WITHIN_MS }, async () => {
  const client = new KlockHttpClient({ baseUrl: await freeAddress(), autoStart: false });
  const began = performance.now();
  await assert.rejects(client.acquire(wanted('a', '/a', { waitMs: 700 })), { name: 'KlockConnectionError', message: /ECONNREFUSED/ });
  const took = performance.now() - began;
  assert.ok(took >= 690 && took < 5000, `${took} ms`);
  await assert.rejects(client.acquire(wanted('a')), KlockConnectionError); // no time to wait: told at once
  const abort = new AbortController();
  const waiting = client.acquire(wanted('a', '/a', { waitMs: LONG_MS, signal: abort.signal }));
  await sleep(100);
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, { message: 'enough' });
  const closing = client.acquire(wanted('a', '/a', { waitMs: LONG_MS }));
  await sleep(100);
  client.close();
  await assert.rejects(closing, { code: 'CLOSED' });
});

test('the end of a session ends its waits, and a server that says when is asked then', { timeout: WITHIN_MS }, async () => {
  const server = await startServer();
  const client = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false });
  await client.acquire(wanted('a'));
  const waiting = client.acquire(wanted('b', '/a', { waitMs: LONG_MS }));
  await untilWaiting(client, 'b');
  await client.endSession('b', 's');
  await assert.rejects(waiting, { code: 'CLOSED' });
  const asked = [];
  const busy = await otherServer((request, response) => {
    request.resume();
    asked.push(performance.now());
    if (asked.length === 1) {
      response.writeHead(503, { 'retry-after': '1' }).end('{"success":false,"code":"STORAGE_UNAVAILABLE","error":"The disk is full."}');
    } else {
      const refusal = { success: false, reason: 'WAIT_TIMEOUT', wait_time: 1, message: 'no', conflicts: [], conflicts_total: 0 };
      response.writeHead(409).end(JSON.stringify(refusal));
    }
  });
  const refused = await new KlockHttpClient({ baseUrl: busy }).acquire(wanted('a', '/a', { waitMs: LONG_MS }));
  assert.equal(refused.reason, 'WAIT_TIMEOUT');
  assert.ok(asked[1] - asked[0] >= 950, `asked again after ${asked[1] - asked[0]} ms`);
  await server.end();
});
