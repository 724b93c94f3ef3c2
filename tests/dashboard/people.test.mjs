// For every person and every screen: keyboard, screen readers, light and dark, from a phone to a wall; and names that are no friends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Fleet, pause } from './fleet.mjs';
import { agrees, count, findings, open, start, widths } from './looks.mjs';
import { inBrowser, serve, stopAll } from './place.mjs';
import { play } from './scene.mjs';

const TABS = ['resources', 'agents', 'timeline', 'contention', 'events'];
const LOGIN = encodeURIComponent('FILE:src/auth/login.ts');
const LONG = `FILE:${'very-long-folder-name/'.repeat(180)}end-of-it.ts`;
const HOSTILE = 'FILE:<img src=x onerror="window.hacked=1">/日本語/🔒 ‮txt.exe';
let server;
let idle;

before(async () => {
  if (inBrowser.skip) return;
  await start();
  [server, idle] = await Promise.all([serve(), serve()]);
  const { fleet } = await play(server.url, { speed: 40 });
  await fleet.hold('<b>bold</b>', HOSTILE, { note: '<script>window.hacked=2</script>' });
  await fleet.hold(`agent-${'x'.repeat(200)}`, LONG);
  await fleet.hold('elsewhere', 'FILE:README.md', { namespace: 'another repository' });
});
after(async () => {
  await stopAll();
});

for (const theme of ['light', 'dark']) {
  test(`axe has no findings in any view (${theme})`, inBrowser, async () => {
    const { page, wrong, close } = await open(server.url, { colorScheme: theme, reducedMotion: 'reduce', hash: '#tab=resources' });
    await page.getByTestId('blocked-count').filter({ hasText: 'agents' }).waitFor();
    const found = [];
    const check = async (what) => found.push(...(await findings(page)).map((each) => `${what}: ${each}`));
    for (const tab of TABS) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`#panel[aria-labelledby=tab-${tab}] table`).waitFor();
      await check(tab);
    }
    await page.goto(`${server.url}#tab=resources&why=${LOGIN}`);
    await page.getByTestId('why-summary').waitFor();
    await check('why');
    await page.getByRole('button', { name: /^Revoke/ }).first().click();
    await page.getByRole('dialog').waitFor();
    await check('revoke');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 360, height: 740 });
    await check('narrow');
    assert.deepEqual(found, []);
    assert.deepEqual(wrong, []);
    await close();
  });

  test(`axe has no findings where there is nothing to show (${theme})`, inBrowser, async () => {
    const { page, wrong, close } = await open(idle.url, { colorScheme: theme, reducedMotion: 'reduce' });
    await page.getByText('Nobody holds anything.').waitFor();
    const found = [];
    for (const tab of TABS) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`#panel[aria-labelledby=tab-${tab}] .empty`).waitFor();
      found.push(...(await findings(page)).map((each) => `${tab}: ${each}`));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(wrong, []);
    await close();
  });
}

test('nothing is wider than the screen, from 360 px to 4K', inBrowser, async () => {
  const { page, wrong, close } = await open(server.url);
  await page.getByTestId('blocked-count').filter({ hasText: 'agents' }).waitFor();
  const wide = [];
  for (const width of [360, 768, 1024, 1440, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    for (const why of ['', `&why=${encodeURIComponent(LONG)}`]) {
      for (const tab of TABS) {
        await page.evaluate((hash) => { location.hash = hash; }, `tab=${tab}${why}`);
        await page.locator(`#tab-${tab}[aria-selected=true]`).waitFor();
        const [content, screen] = await widths(page);
        if (content > screen) wide.push(`${tab}${why && ' with a story'}: ${content} on ${screen}`);
      }
    }
  }
  assert.deepEqual(wide, []);
  assert.deepEqual(wrong, []);
  await close();
});

test('names are text, whatever they say', inBrowser, async () => {
  const { page, wrong, close } = await open(server.url, { hash: `#tab=resources&why=${encodeURIComponent(HOSTILE)}` });
  await page.getByTestId('why-summary').filter({ hasText: '1 lease' }).waitFor();
  for (const tab of TABS) {
    await page.locator(`#tab-${tab}`).click();
    await page.locator(`#panel[aria-labelledby=tab-${tab}] table`).waitFor();
    assert.equal(await page.locator('#app img, #app b, #app script').count(), 0);
  }
  assert.ok((await page.locator('.why').textContent()).includes('<script>window.hacked=2</script>'));
  assert.ok((await page.locator('.why h2').textContent()).includes('🔒'));
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(wrong, []);
  await close();
});

test('everything can be reached by the keyboard', inBrowser, async () => {
  const { page, wrong, close } = await open(server.url, { hash: '#tab=resources' });
  await page.getByTestId('blocked-count').filter({ hasText: 'agents' }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  const tabTo = async (what) => {
    for (let at = 0; at < 30; at++) {
      await page.keyboard.press('Tab');
      if (await focused() === what) return;
    }
    throw new Error(`the Tab key does not reach ${what}`);
  };
  await tabTo('tab-resources');
  for (const expected of ['tab-agents', 'tab-timeline']) {
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), expected);
  }
  await page.keyboard.press('End');
  assert.equal(await focused(), 'tab-events');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'tab-resources');
  await page.locator('#panel[aria-labelledby=tab-resources] table').waitFor();
  await tabTo('login.ts');
  await page.keyboard.press('Enter');
  await page.getByTestId('why-summary').waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'why-title');
  await page.keyboard.press('Escape');
  await page.locator('.why').waitFor({ state: 'detached' });
  assert.deepEqual(wrong, []);
  await close();
});

test('the theme is the system’s, or what was chosen', inBrowser, async () => {
  const { page, context, wrong, close } = await open(server.url, { colorScheme: 'dark', reducedMotion: 'reduce' });
  const background = (where = page) => where.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.getByTestId('blocked-count').waitFor();
  const dark = await background();
  const changedFrom = (color) => page.waitForFunction(
    (before) => getComputedStyle(document.documentElement).backgroundColor !== before, color);
  await page.getByLabel('Theme').selectOption('light');
  await changedFrom(dark);
  const light = await background();
  await page.reload();
  await page.getByTestId('blocked-count').waitFor();
  assert.equal(await background(), light);
  await page.getByLabel('Theme').selectOption('auto');
  await changedFrom(light);
  assert.equal(await background(), dark);
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('button')).transitionDuration), '0s');
  assert.equal((await context.cookies()).length, 0);
  assert.deepEqual(wrong, []);
  await close();
});

test('a folder can be closed, lists filtered, events paused', inBrowser, async () => {
  const own = await serve();
  const fleet = new Fleet(own.url);
  await fleet.hold('a', 'FILE:src/one.ts');
  await fleet.hold('b', 'FILE:src/two.ts');
  const { page, wrong, close } = await open(own.url);
  await agrees(page, fleet);
  await page.getByRole('button', { name: 'src/, contents' }).click();
  await count(page, 'tr.leaf', 0);
  await page.getByText('2 leases beneath').waitFor();
  await page.getByRole('button', { name: 'src/, contents' }).click();
  await page.getByLabel('Filter').fill('two');
  await count(page, 'tr.leaf', 1);
  await page.getByLabel('Filter').fill('nothing like it');
  await page.getByText('Nothing that is held or waited for matches').waitFor();
  await page.getByRole('tab', { name: 'Events' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await fleet.hold('c', 'FILE:three');
  await page.getByText(/^Paused; 2 newer events\.$/).waitFor();
  assert.equal(await page.locator('#panel tbody .agent', { hasText: /^c$/ }).count(), 0);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.locator('#panel tbody .agent', { hasText: /^c$/ }).first().waitFor();
  await page.getByLabel('Agent', { exact: true }).fill('b');
  await page.waitForFunction(() => {
    const agents = [...document.querySelectorAll('#panel tbody .agent')].map((each) => each.textContent);
    return agents.length > 0 && agents.every((agent) => agent === 'b');
  });
  assert.deepEqual(wrong, []);
  await close();
  await own.stop();
});

test('a long list and the choice of a chart’s length stay in hand while the page is redrawn', inBrowser, async () => {
  const own = await serve();
  const fleet = new Fleet(own.url);
  await Promise.all(Array.from({ length: 250 }, (_, at) => fleet.hold(`agent${at}`, `FILE:file${at}.ts`)));
  const { page, wrong, close } = await open(own.url);
  const busy = work(fleet);
  const staysInHand = async (locator) => {
    await locator.focus();
    const mark = await locator.elementHandle();
    await redrawn(page);
    assert.ok(await mark.evaluate((element) => element.isConnected && document.activeElement === element), String(locator));
  };
  const more = page.getByRole('button', { name: /^Show .* more$/ });
  await page.getByText('Showing 200 of').waitFor();
  await staysInHand(more);
  await more.click({ delay: 150 });
  await page.waitForFunction(() => document.querySelectorAll('#panel tr.leaf').length >= 250);
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const length = page.getByRole('combobox', { name: /^Last/ });
  await staysInHand(length);
  await length.selectOption('30 min');
  await page.getByRole('columnheader', { name: 'Last 30 minutes' }).waitFor();
  await busy.stop();
  assert.deepEqual(wrong, []);
  await close();
  await own.stop();
});

/** Grants and releases, for as long as the test looks. */
function work(fleet) {
  let goesOn = true;
  const ended = (async () => {
    for (let at = 0; goesOn; at++) {
      await fleet.release(await fleet.hold('busy', `FILE:busy/${at % 20}.ts`));
      await pause(10);
    }
  })().catch(() => {});
  return { stop: () => { goesOn = false; return ended; } };
}

/** Waits until the page has been drawn anew a few times. */
async function redrawn(page) {
  await page.evaluate(() => performance.clearMeasures('klock-frame'));
  await page.waitForFunction(() => performance.getEntriesByName('klock-frame').length >= 5);
}
