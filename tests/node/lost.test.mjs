// A holder knows when its lease is gone: within a second when it is taken away, and by its own clock when there is no answer.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import os from 'node:os';
import { before, test } from 'node:test';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockClient, KlockHttpClient, KlockLeaseLostError } from '@klock-protocol/core';
import { freeAddress, goBetween, startServer } from './server.mjs';
import { WITHIN_MS, newFile, runText, until } from './support.mjs';

const NOTICED_MS = 1000;

let server;
before(async () => {
  server = await startServer();
});

const http = (options) => new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false, ...options });

/** A test on each kind of store and on a server, with a way for an operator to do something there. */
function onEach(name, body) {
  const opened = {
    memory: () => [new KlockClient()],
    sqlite: () => {
      const storage = newFile();
      return [new KlockClient({ storage }), new KlockClient({ storage })];
    },
    server: () => [http(), http()],
  };
  for (const [kind, open] of Object.entries(opened)) {
    test(`${name}, ${kind}`, { timeout: WITHIN_MS }, async () => {
      const [client, operator = client] = open();
      await body(new Klock(client), operator, kind);
      for (const each of [client, operator]) each.close();
    });
  }
}

onEach('a lease that is taken away is noticed within a second', async (klock, operator) => {
  const guard = await klock.file('/revoked', { ttlMs: 60_000 });
  const other = await klock.file('/kept', { ttlMs: 60_000 });
  await sleep(100);
  assert.ok(!guard.lost);
  await guard.check();
  const began = performance.now();
  await operator.revokeLease(guard.leaseId);
  await once(guard.signal, 'abort');
  const took = performance.now() - began;
  assert.ok(took <= NOTICED_MS, `noticed after ${took} ms`);
  assert.ok(guard.lost && guard.signal.reason instanceof KlockLeaseLostError);
  assert.equal(guard.signal.reason.code, 'UNKNOWN_LEASE');
  await assert.rejects(guard.check(), { name: 'KlockLeaseLostError' });
  await assert.rejects(guard.release(), { name: 'KlockLeaseLostError', code: 'UNKNOWN_LEASE' });
  assert.ok(!other.lost);
  await other.check();
  await other.release();
  await assert.rejects(other.check(), { code: 'CLOSED' });
});

onEach('a check asks now', async (klock, operator) => {
  const guard = await klock.file('/checked', { ttlMs: 60_000 });
  await operator.revokeLease(guard.leaseId);
  await assert.rejects(guard.check(), { name: 'KlockLeaseLostError', code: 'UNKNOWN_LEASE' });
  assert.ok(guard.lost);
});

onEach('the end of its session is noticed too, by all that it held', async (klock, operator) => {
  const guards = await Promise.all(['/x', '/y'].map((path) => klock.file(path)));
  await operator.endSession(klock.agentId, klock.sessionId);
  for (const guard of guards) if (!guard.lost) await once(guard.signal, 'abort');
  await klock.withFile('/x', () => {}); // it goes on with new ones
});

onEach('while the machine sleeps a lease of a server runs out, and one of a store sleeps too', async (klock, _, kind) => {
  const real = os.uptime;
  const guard = await klock.file('/slept', { ttlMs: 30_000 });
  // The one thing that cannot be made to happen here. Node has CLOCK_BOOTTIME, which goes on meanwhile, as os.uptime.
  os.uptime = () => real() + 60;
  try {
    assert.equal(guard.lost, kind === 'server');
    if (kind === 'server') assert.equal(guard.signal.reason.code, 'EXPIRED');
    await guard.release().catch((error) => assert.equal(error.code, 'EXPIRED'));
    const next = await klock.file('/slept'); // counts from then
    assert.ok(!next.lost);
    await next.release();
  } finally {
    os.uptime = real;
  }
});

test('a renewal counts from when it was sent, not from when its answer came', { timeout: WITHIN_MS }, async () => {
  let renewals = 0;
  const baseUrl = await goBetween(server.baseUrl, (request, send) => {
    if (!request.url.endsWith('/heartbeat')) send();
    else if (++renewals === 1) setTimeout(send, 500);
  });
  const guard = await new Klock(new KlockHttpClient({ baseUrl, autoStart: false })).file('/sent', { ttlMs: 1500 });
  await once(guard.signal, 'abort');
  const direct = http();
  assert.equal(guard.signal.reason.code, 'EXPIRED');
  assert.ok(renewals >= 2, `${renewals} renewals`);
  // Two renewals reached the server later than the one that was answered, so there the lease still is.
  assert.equal((await direct.listLeases({ resource: 'FILE:/sent' })).length, 1, 'it was over before its holder knew');
});

test('a grant counts from when it was asked for, or is renewed before anybody has it', { timeout: WITHIN_MS }, async () => {
  const direct = http();
  const baseUrl = await goBetween(server.baseUrl, (request, send) => (request.url === '/leases' ? setTimeout(send, 800) : send()));
  const klock = new Klock(new KlockHttpClient({ baseUrl, autoStart: false }));
  const guard = await klock.file('/granted', { ttlMs: 1500 });
  const [{ acquiredAt, lastHeartbeat }] = await direct.listLeases({ resource: 'FILE:/granted' });
  assert.ok(lastHeartbeat - acquiredAt >= 700, 'it was handed out as it was');
  await guard.release();
  await assert.rejects(klock.file('/late', { ttlMs: 700 }), { name: 'KlockLeaseLostError', code: 'EXPIRED' });
});

test('a server that hangs loses its own leases in time, and no others', { timeout: WITHIN_MS }, async () => {
  const hung = await startServer();
  const storage = newFile();
  const clients = [http({ baseUrl: hung.baseUrl }), http(), new KlockClient(), new KlockClient({ storage })];
  const guards = await Promise.all(clients.map((client) => new Klock(client).file('/a', { ttlMs: 1200 })));
  const [guard, ...others] = guards;
  hung.child.kill('SIGSTOP');
  const began = performance.now();
  await assert.rejects(new Klock(clients[0]).file('/b', { signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' });
  await once(guard.signal, 'abort');
  assert.ok(performance.now() - began < 2200, `noticed after ${performance.now() - began} ms`);
  await sleep(1500);
  for (const other of others) {
    assert.ok(!other.lost);
    await other.release();
  }
  await hung.end();
  clients.forEach((client) => client.close());
});

test('a store that hangs holds up no other', { timeout: WITHIN_MS }, async () => {
  const files = [newFile(), newFile()];
  const clients = files.map((storage) => new KlockClient({ storage }));
  const guards = await Promise.all(clients.map((client) => new Klock(client).file('/a', { ttlMs: 1200 })));
  // Somebody keeps its write lock.
  const path = files[0].slice('sqlite:'.length).split('?')[0];
  const keeper = spawn('python3', ['-c', `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('BEGIN IMMEDIATE'); print('kept', flush=True); sys.stdin.read()`, path]);
  await once(keeper.stdout, 'data');
  await sleep(2500);
  assert.deepEqual(guards.map((guard) => guard.lost), [true, false]);
  await guards[1].release();
  keeper.kill();
  await guards[0].release().catch(() => {});
  clients.forEach((client) => client.close());
});

test('no error ends the renewals while there is time', { timeout: WITHIN_MS }, async () => {
  const guard = await new Klock(http()).file('/a', { ttlMs: 900 });
  const real = globalThis.fetch;
  const bad = [() => { throw new RangeError('odd'); }, () => Promise.reject('odd'), () => undefined, () => ({}), () => null,
    async () => new Response('<html>', { status: 502 })];
  globalThis.fetch = (...request) => (request[0].endsWith('/heartbeat') && bad.length > 0 ? bad.shift()() : real(...request));
  try {
    await until(() => bad.length === 0);
    await sleep(900);
    assert.ok(!guard.lost);
    await guard.release();
  } finally {
    globalThis.fetch = real;
  }
});

test('looks and renewals keep no process alive', async () => {
  for (const make of [`new KlockClient({ storage: '${newFile()}' })`, `new KlockHttpClient({ baseUrl: '${server.baseUrl}' })`]) {
    const text = `import { Klock, KlockClient, KlockHttpClient } from '@klock-protocol/core';
      await new Klock(${make}).file('/alive', { ttlMs: 1000 });
      setTimeout(() => console.log('ended'), 900);`;
    const began = performance.now();
    assert.deepEqual(await runText(text), { code: 0, output: 'ended\n' });
    assert.ok(performance.now() - began < 20_000);
  }
});

test('a check that cannot ask says so', async () => {
  const baseUrl = await freeAddress();
  const it = await startServer({}, ['--port', new URL(baseUrl).port]);
  const guard = await new Klock(new KlockHttpClient({ baseUrl, autoStart: false })).file('/a');
  await it.end();
  await assert.rejects(guard.check(), { name: 'KlockConnectionError' });
  assert.ok(!guard.lost);
});
