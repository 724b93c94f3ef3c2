// A fleet at work: the page agrees with the server at every step, whatever happens to the server and between the two.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Fleet, pause } from './fleet.mjs';
import { agrees, count, open, start } from './looks.mjs';
import { folder, inBrowser, proxy, serve, stopAll } from './place.mjs';

const temporary = folder();
// As docs/limits.md has it.
const MOST_STREAMS = 1_024;

before(async () => { if (!inBrowser.skip) await start(); });
after(async () => {
  await stopAll();
  fs.rmSync(temporary, { recursive: true });
});

const connected = (page) => page.locator('.connection.live').waitFor();
const lost = (page) => page.getByRole('alert').filter({ hasText: /Connection lost, showing the state of \d\d:\d\d:\d\d/ }).waitFor();

for (const storage of ['memory', 'sqlite']) {
  test(`the page agrees with the server at every step (${storage})`, inBrowser, async () => {
    const server = await serve({ storage: storage === 'memory' ? storage : `sqlite:${path.join(temporary, 'steps.db')}` });
    const fleet = new Fleet(server.url);
    const { page, wrong, close } = await open(server.url);
    const look = () => agrees(page, fleet);
    await page.getByText('Nobody holds anything.').waitFor();
    for (const [at, agent] of ['a', 'b', 'c'].entries()) await fleet.register(agent, at + 1);
    await look();
    const login = await fleet.hold('b', 'FILE:src/login.ts');
    const symbol = await fleet.hold('c', 'SYMBOL:src/x.ts#f');
    await look();
    const queued = fleet.request('a', 'FILE:src/login.ts', { wait_ms: 60_000 });
    await fleet.untilWaiting(1);
    await look();
    const parked = fleet.request('d', 'FILE:src/**', { wait_ms: 60_000, predicate: 'CONSUMES' });
    await fleet.untilWaiting(2);
    await look();
    await page.locator('.blocked').getByText('b has held it for').first().waitFor();
    await fleet.release(login);
    const got = await queued;
    await look();
    await fleet.ask('PATCH', `leases/${symbol}`, { predicate: 'CONSUMES' });
    await look();
    await fleet.release(got.data.lease_id);
    const held = await parked;
    assert.ok(held.success, JSON.stringify(held));
    await look();
    // Several resources in one request, of which its event names the first.
    const both = fleet.ask('POST', 'intents', {
      agent_id: 'a', session_id: 's1', ttl: 60_000, wait_ms: 60_000,
      intents: ['one', 'src/x.ts'].map((name) => ({ predicate: 'MUTATES', resource_type: 'FILE', resource_path: name })),
    });
    await fleet.untilWaiting(2);
    await look();
    await fleet.ask('DELETE', 'sessions/a/s1');
    await both;
    await look();
    await fleet.hold('e', 'CUSTOM:deploy', { ttl: 300 });
    await look();
    await pause(400);
    await look();
    assert.deepEqual(wrong, []);
    await close();
    await server.stop();
  });

  test(`a server that is restarted under an open page (${storage})`, inBrowser, async () => {
    const kind = storage === 'memory' ? storage : `sqlite:${path.join(temporary, 'restart.db')}`;
    const first = await serve({ storage: kind });
    const { port } = first;
    const fleet = new Fleet(first.url);
    await fleet.hold('a', 'FILE:kept');
    const { page, wrong, close } = await open(first.url);
    await agrees(page, fleet);
    await first.stop();
    await lost(page);
    assert.equal(await page.locator('tr.leaf').count(), 1, 'what was known stays');
    const second = await serve({ storage: kind, port });
    await connected(page);
    await agrees(page, fleet);
    await count(page, 'tr.leaf', storage === 'memory' ? 0 : 1);
    await fleet.hold('b', 'FILE:new');
    await agrees(page, fleet);
    assert.deepEqual(wrong, []);
    await close();
    await second.stop();
  });
}

test('a server that hangs is noticed, and so is that it goes on', inBrowser, async () => {
  const server = await serve();
  const fleet = new Fleet(server.url);
  await fleet.hold('a', 'FILE:x');
  const { page, close } = await open(server.url);
  await agrees(page, fleet);
  server.pause();
  await page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor({ timeout: 15_000 });
  server.goOn();
  await connected(page);
  await agrees(page, fleet);
  await close();
  await server.stop();
});

test('ten thousand events behind, the page says what it does not know, and is right again', inBrowser, async () => {
  const server = await serve();
  const between = await proxy(server.url);
  const fleet = new Fleet(server.url);
  const gone = await fleet.hold('early', 'FILE:early');
  const { page, wrong, close } = await open(between.url);
  await agrees(page, fleet);
  between.cut();
  await lost(page);
  await fleet.release(gone);
  await Promise.all(Array.from({ length: 20 }, async (_, agent) => {
    for (let turn = 0; turn < 250; turn++) await fleet.release(await fleet.hold(`a${agent}`, `FILE:f${agent}`));
  }));
  await fleet.hold('late', 'FILE:late');
  between.mend();
  await connected(page);
  await agrees(page, fleet);
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.getByText(/^Events are missing from/).waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByLabel('Kind').selectOption('trouble');
  await page.getByText('events are missing here').first().waitFor();
  assert.deepEqual(wrong, []);
  await close();
  between.stop();
  await server.stop();
});

test('after a GAP on the stream the page reads a new snapshot', inBrowser, async () => {
  const server = await serve();
  const between = await proxy(server.url);
  const fleet = new Fleet(server.url);
  await fleet.hold('a', 'FILE:x');
  const { page, wrong, close } = await open(between.url);
  await agrees(page, fleet);
  const { sequence } = (await fleet.ask('GET', 'health')).data;
  // A lease that was never there: only a snapshot takes it away again.
  await between.say({
    seq: sequence + 1, kind: 'GRANTED', at: Date.now(), agent_id: 'ghost', session_id: 's', resource: 'FILE:ghost', predicate: 'MUTATES',
    fencing_token: 1, expires_at: Date.now() + 60_000, note: null,
  });
  await page.locator('tr.leaf', { hasText: 'ghost' }).waitFor();
  await between.say({ seq: sequence + 1, kind: 'GAP', first_missing: 1 });
  await page.locator('tr.leaf', { hasText: 'ghost' }).waitFor({ state: 'detached' });
  await agrees(page, fleet);
  assert.deepEqual(wrong, []);
  await close();
  between.stop();
  await server.stop();
});

test('two equal waits of one session: one gives up, and the other is shown on', inBrowser, async () => {
  const server = await serve();
  const fleet = new Fleet(server.url);
  await fleet.register('waiter', 1);
  const held = await fleet.hold('holder', 'FILE:x');
  const { page, wrong, close } = await open(server.url);
  await agrees(page, fleet);
  const short = fleet.request('waiter', 'FILE:x', { wait_ms: 6_000 });
  const long = fleet.request('waiter', 'FILE:x', { wait_ms: 120_000 });
  await fleet.untilWaiting(2);
  await page.getByTestId('wait-count').filter({ hasText: '2 waits' }).waitFor();
  assert.equal((await short).success, false);
  await page.getByTestId('wait-count').filter({ hasText: '1 wait' }).waitFor();
  await agrees(page, fleet);
  await page.getByTestId('blocked-count').filter({ hasText: '1 agent' }).waitFor();
  await fleet.release(held);
  assert.ok((await long).success);
  await agrees(page, fleet);
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('a server that has no stream left says so, and the page goes on when it has one', inBrowser, async () => {
  const server = await serve();
  const fleet = new Fleet(server.url);
  await fleet.hold('a', 'FILE:x');
  const stop = new AbortController();
  const streams = Array.from({ length: MOST_STREAMS }, () =>
    fetch(`${server.url}events?after=0`, { headers: { Accept: 'text/event-stream' }, signal: stop.signal }));
  // They are kept in hand: of an answer that nobody has any more, the stream is closed.
  const answers = await Promise.all(streams);
  for (const answer of answers) assert.equal(answer.status, 200);
  const { page, wrong, close } = await open(server.url);
  await page.getByRole('alert').filter({ hasText: `${MOST_STREAMS} event streams are open` }).waitFor();
  await agrees(page, fleet);
  assert.equal(await page.locator('.connection.live').count(), 0);
  assert.equal(answers.length, MOST_STREAMS);
  stop.abort();
  await connected(page);
  await fleet.hold('b', 'FILE:y');
  await agrees(page, fleet);
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('two tabs agree, and one that the browser froze', inBrowser, async () => {
  const server = await serve();
  const fleet = new Fleet(server.url);
  const one = await open(server.url);
  const two = await open(server.url, { context: one.context });
  const id = await fleet.hold('a', 'FILE:x');
  await agrees(one.page, fleet);
  await agrees(two.page, fleet);
  const browser = await two.context.newCDPSession(two.page);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  await fleet.release(id);
  await fleet.hold('b', 'FILE:y');
  await agrees(one.page, fleet);
  await browser.send('Page.setWebLifecycleState', { state: 'active' });
  await agrees(two.page, fleet);
  assert.deepEqual([...one.wrong, ...two.wrong], []);
  await one.close();
  await server.stop();
});

/** In the page: how long each frame takes that the page asks for, from its script to the end of layout and painting. */
function timeFrames() {
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.frameTimes = [];
  globalThis.requestAnimationFrame = (run) => ask((at) => {
    const start = performance.now();
    const { port1, port2 } = new MessageChannel();
    // A message that is sent within a frame arrives after it was painted.
    port1.onmessage = () => globalThis.frameTimes.push(performance.now() - start);
    port2.postMessage(null);
    run(at);
  });
}

test('a thousand leases, two hundred agents, a hundred events a second', inBrowser, async (context) => {
  const server = await serve();
  const fleet = new Fleet(server.url);
  await Promise.all(Array.from({ length: 20 }, async (_, part) => {
    for (let at = 0; at < 50; at++) await fleet.hold(`agent${(part * 50 + at) % 200}`, `FILE:src/${part}/file${at}.ts`);
  }));
  const { page, wrong, close } = await open(server.url);
  await page.addInitScript(timeFrames);
  await page.reload();
  await page.getByText('1,000 leases').waitFor();
  await page.getByText('Showing 200 of').waitFor();
  const frames = {};
  for (const tab of ['Resources', 'Agents', 'Timeline', 'Contention', 'Events']) {
    await page.getByRole('tab', { name: tab }).click();
    const start = Date.now();
    for (let at = 0, isWarm = false; Date.now() < start + 2_000; at++) {
      // A browser compiles a script while it runs for the first times.
      if (!isWarm && Date.now() > start + 500) isWarm = await page.evaluate(() => globalThis.frameTimes.splice(0).length > 0);
      // A grant and its release: two events.
      await fleet.release(await fleet.hold(`agent${at % 200}`, `FILE:busy/${at % 40}.ts`));
      await pause(15);
    }
    const took = await page.evaluate(() => globalThis.frameTimes.toSorted((a, b) => a - b));
    assert.ok(took.length >= 3, `${tab} was drawn ${took.length} times`);
    frames[tab] = `${took.length} frames, median ${took[took.length >> 1]?.toFixed(1)} ms, worst ${took.at(-1)?.toFixed(1)} ms`;
    const elements = await page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(elements < 15_000, `${elements} elements on ${tab}`);
  }
  for (const [tab, text] of Object.entries(frames)) context.diagnostic(`${tab}: ${text}`);
  const { data } = await fleet.ask('GET', 'health');
  await page.getByText(`${data.active_leases.toLocaleString('en-US')} leases`).waitFor();
  await page.getByRole('tab', { name: 'Resources' }).click();
  await page.getByLabel('Filter').fill('src/19/file49.ts');
  await count(page, 'tr.leaf', 1);
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});
