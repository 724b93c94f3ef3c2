// A caller that stops waiting releases what only it got, and never what another caller got by the same request id.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KlockClient, KlockHttpClient } from '@klock-protocol/core';
import { goBetween, startServer } from './server.mjs';
import { LONG_MS, WITHIN_MS, newFile, until, wanted } from './support.mjs';

const ROUNDS = 15;

let server;
before(async () => {
  server = await startServer();
});

const openers = {
  memory: () => new KlockClient(),
  sqlite: () => new KlockClient({ storage: newFile() }),
  server: () => new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false }),
};

const manifest = (request) => {
  const { resourceType, resourcePath, predicate, ...rest } = request;
  return { ...rest, intents: [{ resourceType, resourcePath, predicate }] };
};
const asks = {
  one: (client, request) => client.acquireAsync(request),
  all: async (client, request) => {
    const { leases: [lease] = [], ...rest } = await client.acquireAllAsync(manifest(request));
    return lease ?? rest;
  },
};

const leasesOn = async (client, path) => client.listLeases({ resource: `FILE:${path}` });

for (const [kind, open] of Object.entries(openers)) {
  for (const [what, ask] of Object.entries(asks)) {
    test(`what a request id was granted stays when one of those who asked gives up: ${kind}, ${what}`, { timeout: WITHIN_MS }, async () => {
      const client = open();
      for (let round = 0; round < ROUNDS; round++) {
        const path = `/named-${what}-${round}`;
        const held = await client.acquireAsync(wanted('holder', path));
        const abort = new AbortController();
        const request = { ...wanted('waiter', path), requestId: `request-${path}`, waitMs: LONG_MS };
        const first = ask(client, { ...request, signal: abort.signal }).catch((error) => error);
        const second = ask(client, request);
        await until(async () => (await client.listWaiters({ resource: `FILE:${path}` })).length === 2);
        // Before, in the same moment as, and after the grant.
        const releasing = sleep(round % 3).then(() => client.releaseLease(held.leaseId));
        await sleep(round % 5);
        abort.abort(new Error('enough'));
        await releasing;
        const lease = await second;
        await first;
        await sleep(20);
        assert.ok(lease.success, `round ${round}: ${lease.message}`);
        assert.equal(await client.heartbeatLease(lease.leaseId), true, `round ${round}: it was taken back from who was told he has it`);
        assert.equal((await leasesOn(client, path)).length, 1);
        await client.releaseLease(lease.leaseId);
      }
      client.close();
    });

    test(`what nobody else can know of is given back: ${kind}, ${what}`, { timeout: WITHIN_MS }, async () => {
      const client = open();
      for (let round = 0; round < ROUNDS; round++) {
        const path = `/own-${what}-${round}`;
        const held = await client.acquireAsync(wanted('holder', path));
        const abort = new AbortController();
        const request = { ...wanted('waiter', path), waitMs: LONG_MS, signal: abort.signal };
        const waiting = ask(client, request).catch((error) => error);
        await until(async () => (await client.listWaiters({ resource: `FILE:${path}` })).length === 1);
        const releasing = sleep(round % 3).then(() => client.releaseLease(held.leaseId));
        await sleep(round % 5);
        abort.abort(new Error('enough'));
        await releasing;
        const end = await waiting;
        if (end.success) await client.releaseLease(end.leaseId);
        else assert.equal(end.message, 'enough');
        await until(async () => (await leasesOn(client, path)).length === 0, `round ${round} left a lease`);
      }
      client.close();
    });
  }
}

for (const [what, ask] of Object.entries(asks)) {
  test(`a grant whose answer did not come in time is given back, unless it has a request id: ${what}`, { timeout: WITHIN_MS }, async () => {
    const held = [];
    const baseUrl = await goBetween(server.baseUrl, (request, send) => {
      if (held.length === 0 && request.method === 'POST') held.push(send);
      else send();
    });
    const direct = openers.server();
    const client = new KlockHttpClient({ baseUrl, autoStart: false, timeoutMs: 1000 });
    await assert.rejects(ask(client, wanted('late', `/late-${what}`)), { name: 'KlockTimeoutError' });
    await until(async () => (await leasesOn(direct, `/late-${what}`)).length === 0, 'the lease is nobody\'s, and there');
    held.length = 0;
    const named = { ...wanted('late', `/late-${what}`), requestId: `late-${what}` };
    await assert.rejects(ask(client, named), { name: 'KlockTimeoutError' });
    await sleep(1500);
    const [lease] = await leasesOn(direct, `/late-${what}`);
    const again = await ask(client, named);
    assert.equal(again.leaseId, lease.id);
    await direct.releaseLease(lease.id);
  });
}
