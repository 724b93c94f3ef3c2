// KlockHttpClient against the real server: the same answers as in this process, waits, aborts, and servers that fail.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockClient, KlockConnectionError, KlockHttpClient } from '@klock-protocol/core';
import { freeAddress, otherServer, startServer } from './server.mjs';
import { LONG_MS, until, wanted } from './support.mjs';

let client;
let baseUrl;
before(async () => {
  ({ baseUrl } = await startServer());
  client = new KlockHttpClient({ baseUrl, autoStart: false });
});

let agents = 0;
const agent = () => `agent-${++agents}`; // older than those that come later

/** What an answer looks like, without what differs from store to store. */
function shape(value) {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'string') return value.replace(/^[0-9a-f]{32}$/, 'id').replace(/\d+ (?:ms|s|min)\b/g, 'time');
  if (value === null || typeof value !== 'object') return typeof value === 'number' ? 'number' : value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shape(each)]));
}

async function script(it) {
  const said = [];
  const say = async (call) => said.push(shape(await call()));
  const intents = [{ predicate: 'MUTATES', resourceType: 'FILE', resourcePath: '/script/b' }];
  await it.registerAgent('script-a', 1);
  await it.registerAgent('script-b', 2n);
  const first = await it.acquireAsync(wanted('script-a', '/script/a', { note: 'why', requestId: 'r' }));
  said.push(shape(first));
  await say(() => it.acquireAsync(wanted('script-b', '/script/a')));
  await say(() => it.acquireAsync(wanted('script-b', '/script/a', { waitMs: 20 })));
  await say(() => it.acquireAllAsync({ agentId: 'script-a', sessionId: 's', intents, ttl: 1000 }));
  await say(() => it.declareIntent({ agentId: 'script-b', sessionId: 's', intents }));
  await say(() => it.declareIntent({ agentId: 'script-b', sessionId: 's', intents, ttl: 1000 }));
  await say(() => it.changeLeaseAsync(first.leaseId, 'CONSUMES'));
  await say(() => it.heartbeatLease(first.leaseId));
  await say(() => it.listLeases({ agentId: 'script-a', resource: 'FILE:/script/a' }));
  await say(async () => (await it.listAgents()).filter((each) => each.agentId.startsWith('script-')));
  await say(() => it.renewSession('script-a', 's'));
  await say(() => it.revokeLease(first.leaseId));
  await say(() => it.releaseLease(first.leaseId));
  await say(() => it.endSession('script-a', 's'));
  await say(async () => typeof (await it.activeLeaseCount()));
  await say(() => it.evictExpired());
  const wrong = [() => it.acquireAsync(wanted('', '/a')), () => it.changeLeaseAsync('0', 'CONSUMES'), () => it.registerAgent('a', -1)];
  for (const call of wrong) {
    said.push(await call().catch((error) => [error.name, error.code, error.message]));
  }
  return said;
}

test('every verb answers as the embedded client does', async () => {
  const embedded = new KlockClient();
  const asynchronous = new Proxy(embedded, {
    get: (target, name) => async (...parameters) => target[name](...parameters),
  });
  assert.deepEqual(await script(client), await script(asynchronous));
});

test('a program of the original product runs unchanged', async () => {
  const lease = await client.acquireLease(agent(), 's', 'FILE', '/original.ts', 'MUTATES', 60000);
  assert.equal(lease.success, true);
  const refused = await client.acquireLease(agent(), 's', 'FILE', '/original.ts', 'MUTATES', 60000);
  assert.deepEqual([refused.success, refused.waitTime], [false, 1000]);
  assert.equal(await client.releaseLease(lease.leaseId), true);
  assert.deepEqual([client.autoStart, client.autoStartAttempted, client.autoStartedPid], [false, false, null]);
});

test('a hundred waits are granted when the holder lets go', async () => {
  const held = await client.acquire(wanted(agent(), '/many/**'));
  const waits = Array.from({ length: 100 }, (_, number) => client.acquire(wanted(agent(), `/many/${number}`, { waitMs: LONG_MS })));
  await sleep(50);
  await client.releaseLease(held.leaseId);
  assert.ok((await Promise.all(waits)).every((lease) => lease.success));
});

test('an aborted wait leaves no waiter and no lease', async () => {
  for (let round = 0; round < 20; round++) {
    const held = await client.acquire(wanted('abort-holder', '/abort'));
    const abort = new AbortController();
    const waiting = client.acquire(wanted('abort-waiter', '/abort', { waitMs: LONG_MS, signal: abort.signal })).catch((error) => error);
    await sleep(round);
    const released = client.releaseLease(held.leaseId);
    if (round % 2) await released;
    abort.abort(new Error('enough'));
    const end = await waiting;
    await released;
    if (end.success) await client.releaseLease(end.leaseId);
    else assert.equal(end.message, 'enough');
    await until(async () => (await client.listLeases({ resource: 'FILE:/abort' })).length === 0, `round ${round} left a lease`);
  }
});

test('the facade guards files through a server', async () => {
  const [one, two] = [0, 1].map(() => new Klock(client, { agentId: agent(), priority: agents }));
  const order = [];
  let waiting;
  await one.withFile('/guarded', async (guard) => {
    waiting = two.withFile('/guarded', () => order.push('two'));
    await sleep(50);
    assert.equal((await client.listLeases({ resource: 'FILE:/guarded' }))[0].id, guard.leaseId);
    order.push('one');
  });
  await waiting;
  assert.deepEqual(order, ['one', 'two']);
});

test('fetch is looked up at each call', async () => {
  const real = globalThis.fetch;
  const asked = [];
  globalThis.fetch = (url, ...rest) => {
    asked.push(url);
    return real(url, ...rest);
  };
  try {
    await client.listAgents();
  } finally {
    globalThis.fetch = real;
  }
  assert.deepEqual(asked, [`${baseUrl}/agents`]);
});

test('a key', async () => {
  const server = await startServer({ KLOCK_API_KEY: 'a-secret-of-the-test-0123456789' });
  const local = server.baseUrl.replace('0.0.0.0', '127.0.0.1');
  await assert.rejects(new KlockHttpClient({ baseUrl: local, apiKey: 'wrong' }).listLeases(), { code: 'UNAUTHORIZED' });
  assert.deepEqual(await new KlockHttpClient({ baseUrl: `${local}/`, apiKey: 'a-secret-of-the-test-0123456789' }).listLeases(), []);
  await server.end();
});

test('a server that is gone', async () => {
  const server = await startServer();
  const it = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false });
  await it.acquire(wanted('a'));
  await server.end('SIGKILL');
  await assert.rejects(it.listLeases(), { name: 'KlockConnectionError', code: 'STORAGE_UNAVAILABLE' });
});

test('servers that are none', async () => {
  const html = await otherServer((_, response) => response.end('<html>'));
  const json = await otherServer((_, response) => response.end('{"ok":true}'));
  const moved = await otherServer((_, response) => response.writeHead(302, { location: baseUrl }).end());
  const silent = await otherServer(() => {});
  for (const other of [html, json]) {
    const it = new KlockHttpClient({ baseUrl: other });
    await assert.rejects(it.listLeases(), { name: 'KlockConnectionError', message: /no answer of Klock/ });
  }
  await assert.rejects(new KlockHttpClient({ baseUrl: moved }).listLeases(), { name: 'KlockConnectionError' });
  const impatient = new KlockHttpClient({ baseUrl: silent, timeoutMs: 50 });
  await assert.rejects(impatient.listLeases(), { name: 'KlockTimeoutError', code: 'STORAGE_UNAVAILABLE', message: /within 50 ms/ });
  await assert.rejects(impatient.listLeases(), KlockConnectionError);
  const began = performance.now();
  await assert.rejects(impatient.acquire(wanted('a', '/a', { waitMs: 100 })), { message: /within 150 ms/ });
  assert.ok(performance.now() - began >= 145, 'its own time is shorter than the wait');
  await assert.rejects(new KlockHttpClient({ baseUrl: await freeAddress(), autoStart: false }).listLeases(), KlockConnectionError);
});

test('what is wrong is said before anything is sent', async () => {
  const wrong = [{ baseUrl: 'localhost' }, { baseUrl: 7 }, { baseUrl: 'ftp://a' }, { timeoutMs: 0 }, { timeoutMs: '5' },
    { startupTimeoutMs: NaN }, { baseUrl: 'http://u:p@localhost' }, { apiKey: 7 }, { apiKey: 'a\nb' }, { socketPath: '' },
    { socketPath: '/s', baseUrl }, null, 'http://localhost'];
  for (const options of wrong) assert.throws(() => new KlockHttpClient(options), { name: 'KlockError', code: 'INVALID_REQUEST' });
  for (const leaseId of [7, null, undefined, '', '..', '\ud800', {}]) {
    await assert.rejects(client.releaseLease(leaseId), { code: 'INVALID_REQUEST', message: /leaseId/ });
  }
  assert.equal(await client.releaseLease('a/../b?c#d'), false);
  await assert.rejects(client.endSession('..', 's'), { code: 'INVALID_REQUEST', message: /agentId/ });
  await assert.rejects(client.acquire(wanted('a', '/a', { waitMs: '5' })), { code: 'INVALID_REQUEST', message: /waitMs/ });
  const closed = new KlockHttpClient({ baseUrl });
  closed.close();
  await assert.rejects(closed.listLeases(), { code: 'CLOSED' });
});
