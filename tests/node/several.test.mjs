// Two servers on one store, which is what a cluster is to a client: it uses one that answers.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockConnectionError, KlockHttpClient, KlockTimeoutError } from '@klock-protocol/core';
import { freeAddress, goBetween, otherServer, startServer } from './server.mjs';
import { LONG_MS, WITHIN_MS, temporaryFolder, until, wanted } from './support.mjs';

async function two() {
  const parameters = ['--port', '0', '--storage', `sqlite:${path.join(temporaryFolder(), 'klock.db')}`];
  const [first, second] = [await startServer({}, parameters), await startServer({}, parameters)];
  const baseUrl = `${first.baseUrl},${second.baseUrl}`;
  const client = new KlockHttpClient({ baseUrl, timeoutMs: 1500 });
  const looking = new KlockHttpClient({ baseUrl: second.baseUrl, autoStart: false });
  const again = () => startServer({}, [...parameters.with(1, new URL(first.baseUrl).port)]);
  return { first, second, again, baseUrl, client, looking };
}

async function ids(client) {
  return (await client.listLeases()).map(({ id }) => id);
}

test('a killed server is passed over, and one that is back is used again', { timeout: WITHIN_MS }, async () => {
  const { first, second, again, baseUrl, client } = await two();
  assert.equal(client.baseUrl, baseUrl);
  assert.equal(client.autoStart, false);
  const held = await client.acquire(wanted('a'));
  await first.end();
  assert.ok(await client.heartbeatLease(held.leaseId));
  assert.deepEqual(await ids(client), [held.leaseId]);
  assert.equal((await client.acquire(wanted('b'))).success, false);
  await again();
  await second.end();
  assert.equal(await client.releaseLease(held.leaseId), true);
  assert.equal(await client.releaseLease(held.leaseId), false);
});

test('all are named when none answers', { timeout: WITHIN_MS }, async () => {
  const [one, other] = [await freeAddress(), await freeAddress()];
  const client = new KlockHttpClient({ baseUrl: `${one},${other}` });
  await assert.rejects(client.acquire(wanted('a')), (problem) => {
    assert.ok(problem instanceof KlockConnectionError);
    return problem.message.startsWith('None of the 2 servers answers. ') && [one, other].every((url) => problem.message.includes(url));
  });
});

for (const how of ['SIGKILL', 'SIGSTOP']) {
  test(`a wait goes on at the other after a ${how}, and is granted once`, { timeout: WITHIN_MS }, async () => {
    const { first, client, looking } = await two();
    const held = await client.acquire(wanted('a'));
    const waiting = client.acquire(wanted('b', '/a', { waitMs: LONG_MS }));
    await until(async () => (await looking.listWaiters()).length > 0, 'it does not wait');
    first.child.kill(how);
    assert.ok(await looking.releaseLease(held.leaseId));
    const granted = await waiting;
    assert.equal(granted.success, true);
    if (how === 'SIGSTOP') {
      first.child.kill('SIGCONT');
      await new KlockHttpClient({ baseUrl: first.baseUrl, autoStart: false }).listLeases();
    }
    assert.deepEqual(await ids(looking), [granted.leaseId]);
  });
}

test('a change that waits goes on at the other', { timeout: WITHIN_MS }, async () => {
  const { first, client, looking } = await two();
  await client.registerAgent('a', 1);
  const changed = await client.acquire({ ...wanted('a'), predicate: 'CONSUMES' });
  const blocking = await client.acquire({ ...wanted('b'), predicate: 'CONSUMES' });
  const waiting = client.changeLease(changed.leaseId, 'MUTATES', { waitMs: LONG_MS });
  await until(async () => (await looking.listWaiters()).length > 0, 'it does not wait');
  await first.end();
  await looking.releaseLease(blocking.leaseId);
  assert.equal((await waiting).success, true);
});

test('a request to a paused server is done once, by the other', { timeout: WITHIN_MS }, async () => {
  const { first, client, looking } = await two();
  first.child.kill('SIGSTOP');
  const { leaseId } = await client.acquire(wanted('a'));
  first.child.kill('SIGCONT');
  for (let looks = 0; looks < 20; looks++) {
    assert.deepEqual(await ids(looking), [leaseId]);
    await sleep(50);
  }
});

test('all paused is a time-out', { timeout: WITHIN_MS }, async () => {
  const { first, second, client } = await two();
  for (const { child } of [first, second]) child.kill('SIGSTOP');
  await assert.rejects(client.listLeases(), (problem) => problem instanceof KlockTimeoutError && /^None of the 2 /.test(problem.message));
});

test('a release whose answer is lost is settled by the other', { timeout: WITHIN_MS }, async () => {
  const { second, looking } = await two();
  const losing = await goBetween(second.baseUrl, (request, send) => (request.method === 'DELETE' ? request.socket.destroy() : send()));
  const client = new KlockHttpClient({ baseUrl: `${losing},${second.baseUrl}` });
  const { leaseId } = await client.acquire(wanted('a'));
  assert.equal(await client.releaseLease(leaseId), true);
  assert.deepEqual(await ids(looking), []);
});

for (const status of [502, 503, 504]) {
  test(`a release that was carried out and answered with ${status} is settled by the other`, { timeout: WITHIN_MS }, async () => {
    const { second, looking } = await two();
    const saying = status === 503 ? '{"success":false,"code":"STORAGE_UNAVAILABLE","error":"it may or may not have happened"}' : '<html>';
    const failing = await goBetween(second.baseUrl, (request, send, response) =>
      (request.method === 'DELETE' ? response.writeHead(status, { 'content-type': 'application/json' }).end(saying) : send()));
    const client = new KlockHttpClient({ baseUrl: `${failing},${second.baseUrl}` });
    const { leaseId } = await client.acquire(wanted('a'));
    assert.equal(await client.releaseLease(leaseId), true);
    assert.deepEqual(await ids(looking), []);
    assert.equal(await looking.releaseLease(leaseId), false);
  });
}

test('a lease that had expired is not said to be released', { timeout: WITHIN_MS }, async () => {
  const { second, looking } = await two();
  const losing = await otherServer((request, response) => response.writeHead(503).end());
  const { leaseId } = await looking.acquire({ ...wanted('a'), ttl: 1 });
  await sleep(20);
  const client = new KlockHttpClient({ baseUrl: `${losing},${second.baseUrl}` });
  assert.equal(await client.releaseLease(leaseId), false);
});

test('what was held at a server that is silent is released at the other', { timeout: WITHIN_MS }, async () => {
  const { first, baseUrl, looking } = await two();
  const klock = Klock.local({ baseUrl, agentId: 'a' });
  await klock.withFile('a.txt', { ttlMs: LONG_MS }, async () => first.child.kill('SIGSTOP'));
  assert.deepEqual(await ids(looking), []);
});

test('what is held is renewed through the second', { timeout: WITHIN_MS }, async () => {
  const { first, baseUrl, looking } = await two();
  const klock = Klock.local({ baseUrl, agentId: 'a' });
  await klock.withFile('a.txt', { ttlMs: 4000 }, async () => {
    first.child.kill('SIGSTOP');
    await sleep(6000);
    assert.equal((await ids(looking)).length, 1);
  });
  assert.deepEqual(await ids(looking), []);
});

test('a wrong URL is named by its place', () => {
  for (const bad of ['localhost', '', 'ftp://a', 'http://u:p@a']) {
    const list = () => new KlockHttpClient({ baseUrl: `http://127.0.0.1:1,${bad},http://127.0.0.1:2` });
    assert.throws(list, { code: 'INVALID_REQUEST', message: /^(?!.*u:p).*server 2 of 3,/ });
  }
});
