// Signing in, what a read-only key sees, taking leases away, and a page behind a proxy.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Fleet, pause } from './fleet.mjs';
import { agrees, findings, open, start } from './looks.mjs';
import { folder, inBrowser, proxy, serve, stopAll } from './place.mjs';

const temporary = folder();
const keys = path.join(temporary, 'keys');
const FULL = 'full-key-000000000000000000000001';
const READER = 'read-key-000000000000000000000002';
const OTHER = 'other-key-00000000000000000000003';

before(async () => { if (!inBrowser.skip) await start(); });
after(async () => {
  await stopAll();
  fs.rmSync(temporary, { recursive: true });
});

function writeKeys(...lines) {
  fs.writeFileSync(keys, `${lines.join('\n')}\n`, { mode: 0o600 });
}

async function signIn(page, key) {
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a wrong key, the right one, signing out', inBrowser, async () => {
  writeKeys(FULL, `${READER} read-only`);
  const server = await serve({ keys });
  const fleet = new Fleet(server.url, FULL);
  await fleet.hold('a', 'FILE:x');
  const { page, context, wrong, close } = await open(server.url);
  await signIn(page, '');
  await page.getByText('Type or paste the key.').waitFor();
  await signIn(page, 'wrong');
  await page.getByText('The server does not know this key.').waitFor();
  assert.equal(await page.locator('tr').count(), 0);
  await signIn(page, FULL);
  await agrees(page, fleet);
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict']);
  assert.equal(await page.evaluate(() => document.cookie), '');
  await page.reload();
  await agrees(page, fleet);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Key', { exact: true }).waitFor();
  assert.doesNotMatch(await page.content(), /FILE|title="x"/);
  await page.reload();
  await page.getByLabel('Key', { exact: true }).waitFor();
  // While the server is away: nothing is shown from then on, and the key is given back once it answers.
  await signIn(page, FULL);
  await agrees(page, fleet);
  server.pause();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Key', { exact: true }).waitFor();
  assert.doesNotMatch(await page.content(), /title="x"/);
  server.goOn();
  for (let tries = 0; (await context.cookies()).length > 0; tries++) {
    assert.ok(tries < 200, 'the browser keeps the key');
    await pause(50);
  }
  await page.reload();
  await page.getByLabel('Key', { exact: true }).waitFor();
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('axe has no findings in the form to sign in', inBrowser, async () => {
  writeKeys(FULL);
  const server = await serve({ keys });
  for (const colorScheme of ['light', 'dark']) {
    const { page, wrong, close } = await open(server.url, { colorScheme });
    await signIn(page, 'wrong');
    await page.getByText('The server does not know this key.').waitFor();
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(wrong, []);
    await close();
  }
  await server.stop();
});

test('a key that is confined to a namespace sees what is in it, and that it is', inBrowser, async () => {
  writeKeys(FULL, `${OTHER} namespace=shop`);
  const server = await serve({ keys });
  const [all, shop] = [new Fleet(server.url, FULL), new Fleet(server.url, OTHER)];
  await all.hold('a', 'FILE:x', { namespace: 'shop' });
  await all.hold('b', 'FILE:secret', { namespace: 'bank' });
  const { page, wrong, close } = await open(server.url);
  await signIn(page, OTHER);
  await page.getByText('only in shop').waitFor();
  await agrees(page, shop);
  await all.hold('c', 'FILE:secret-too', { namespace: 'bank' });
  const held = await all.hold('d', 'FILE:y', { namespace: 'shop' });
  await agrees(page, shop);
  let snapshots = 0;
  page.on('request', (request) => { if (/\/snapshot/.test(request.url())) snapshots++; });
  await all.release(held);
  await agrees(page, shop);
  for (let at = 0; at < 5; at++) await all.release(await all.hold(`short${at}`, 'FILE:z', { namespace: 'shop' }));
  await all.hold('e', 'FILE:y', { namespace: 'shop' });
  await agrees(page, shop);
  assert.equal(snapshots, 0, 'the events tell it all');
  for (const tab of ['resources', 'agents', 'timeline', 'contention', 'events']) {
    await page.locator(`#tab-${tab}`).click();
    await page.locator(`#panel[aria-labelledby=tab-${tab}]`).waitFor();
    assert.doesNotMatch(await page.content(), /secret/, tab);
  }
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('a read-only key sees no lease id and nothing to revoke with', inBrowser, async () => {
  writeKeys(FULL, `${READER} read-only`);
  const server = await serve({ keys });
  const fleet = new Fleet(server.url, FULL);
  const id = await fleet.hold('a', 'FILE:x');
  const { page, wrong, close } = await open(server.url);
  const answered = page.waitForResponse(/\/snapshot/);
  await signIn(page, READER);
  const body = await (await answered).text();
  await agrees(page, fleet);
  await page.getByText('read-only', { exact: true }).waitFor();
  await page.locator('tr.leaf').getByRole('button', { name: 'x' }).click();
  await page.getByTestId('why-summary').waitFor();
  assert.equal(await page.getByRole('button', { name: /Revoke/ }).count(), 0);
  assert.doesNotMatch(await page.content(), new RegExp(id));
  assert.ok(body.includes('FILE:x') && !body.includes(id));
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('a key that is taken out of the file ends the session of the page', inBrowser, async () => {
  writeKeys(FULL, OTHER);
  const first = await serve({ keys });
  const { port } = first;
  const { page, wrong, close } = await open(first.url);
  await signIn(page, OTHER);
  await page.getByText('Nobody holds anything.').waitFor();
  writeKeys(FULL);
  await first.stop();
  const second = await serve({ keys, port });
  await page.getByLabel('Key', { exact: true }).waitFor();
  assert.doesNotMatch(await page.content(), /Blocked now/);
  assert.deepEqual(wrong, []);
  await close();
  await second.stop();
});

test('a lease is taken away once the dialog that names it is confirmed', inBrowser, async () => {
  writeKeys(FULL);
  const server = await serve({ keys });
  const fleet = new Fleet(server.url, FULL);
  await fleet.register('waiter', 1);
  await fleet.hold('holder', 'FILE:src/a.ts', { note: 'half way' });
  const wait = fleet.request('waiter', 'FILE:src/a.ts', { wait_ms: 60_000 });
  await fleet.untilWaiting(1);
  const { page, wrong, close } = await open(server.url);
  await signIn(page, FULL);
  await agrees(page, fleet);
  await page.locator('.blocked').getByRole('button', { name: 'src/a.ts' }).click();
  await page.getByText('1 lease on it or a part of it, 1 agent waiting.').waitFor();
  const ask = page.getByRole('button', { name: 'Revoke the lease of holder on FILE:src/a.ts' });
  await ask.click();
  const dialog = page.getByRole('dialog', { name: 'Take this lease away?' });
  for (const text of ['FILE:src/a.ts', 'holder', 's1', 'half way', '1 agent waiting for it may go on.']) {
    assert.ok((await dialog.textContent()).includes(text), text);
  }
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal((await fleet.list('leases'))[0].agent_id, 'holder');
  await ask.click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.ok((await wait).success);
  await agrees(page, fleet);
  assert.equal((await fleet.list('leases'))[0].agent_id, 'waiter');
  // One that was released while the dialog is open.
  await page.getByRole('button', { name: /Revoke the lease of waiter/ }).click();
  await fleet.ask('DELETE', 'sessions/waiter/s1');
  await dialog.getByText('It has ended, or was changed.').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Revoke' }).isDisabled());
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual(wrong, []);
  await close();
  await server.stop();
});

test('behind a path of a reverse proxy, with a key', inBrowser, async () => {
  writeKeys(FULL);
  const server = await serve({ keys });
  const between = await proxy(server.url, '/tools/klock/');
  const fleet = new Fleet(server.url, FULL);
  const { page, context, wrong, close } = await open(between.url);
  await signIn(page, FULL);
  const id = await fleet.hold('a', 'FILE:x');
  await agrees(page, fleet);
  // Other programs behind the same proxy do not get the key.
  assert.deepEqual((await context.cookies()).map((cookie) => cookie.path), ['/tools/klock']);
  await fleet.release(id);
  await agrees(page, fleet);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Key', { exact: true }).waitFor();
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(wrong, []);
  await close();
  between.stop();
  await server.stop();
});
