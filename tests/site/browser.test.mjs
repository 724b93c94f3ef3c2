// The site in a real browser that reaches nothing but the site: it searches, in light and dark, and fits a phone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cannotRun, filesIn, packages, serve, site, top } from './place.mjs';

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
  process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, name))).find((file) => fs.existsSync(file));
const skip = cannotRun() || (chromium ? false : 'chromium is missing');
// KLOCK_SITE_SHOTS=1 leaves pictures to look at.
const shots = process.env.KLOCK_SITE_SHOTS ? path.join(top, 'artifacts', 'site-screenshots') : '';
const PHONE = { width: 375, height: 740 };
const DESK = { width: 1280, height: 860 };

let server;
let browser;

before(async () => {
  if (skip) return;
  if (shots) fs.mkdirSync(shots, { recursive: true });
  server = await serve();
  const { chromium: driver } = createRequire(path.join(packages, 'x.js'))('playwright-core');
  browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** A page of its own, with a list of all that went wrong on it: errors, and requests that left the site. */
async function open(viewport, colorScheme, more = {}) {
  const context = await browser.newContext({ viewport, colorScheme, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  await context.route('**', (route) => {
    const url = route.request().url();
    if (/^(data|blob|file):/.test(url) || url.startsWith(server.url)) return route.continue();
    wrong.push(`asked for ${url}`);
    return route.abort();
  });
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) wrong.push(message.text()); });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('response', (answer) => { if (answer.status() >= 400) wrong.push(`${answer.status()} ${answer.url()}`); });
  return { page, wrong, close: () => context.close() };
}

async function shoot(page, name) {
  if (shots) await page.screenshot({ path: path.join(shots, name), fullPage: name.startsWith('first') });
}

async function hydrated(page) {
  await page.waitForSelector('html[data-has-hydrated=true]');
}

async function widths(page) {
  return page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
}

for (const theme of ['light', 'dark']) {
  test(`the search finds a page and leads there (${theme})`, { skip }, async () => {
    const { page, wrong, close } = await open(DESK, theme);
    await page.goto(server.url);
    await hydrated(page);
    assert.equal(await page.getAttribute('html', 'data-theme'), theme);
    await shoot(page, `first-${theme}.png`);
    await page.click('input.navbar__search-input');
    await page.keyboard.type('fencing token', { delay: 20 });
    const found = page.locator('.navbar [class*=suggestion_]').filter({ hasText: /Glossary/ }).first();
    await found.waitFor();
    await shoot(page, `search-${theme}.png`);
    await found.click();
    await page.waitForURL((url) => url.href.startsWith(server.url) && url.href !== server.url);
    await page.locator('article mark', { hasText: /fencing|token/i }).first().waitFor();
    await shoot(page, `found-${theme}.png`);
    assert.deepEqual(wrong, []);
    await close();
  });
}

test('a click in the sidebar shows the page, and so does loading it anew', { skip }, async () => {
  const { page, wrong, close } = await open(DESK, 'light');
  await page.goto(server.url);
  await hydrated(page);
  await page.locator('.theme-doc-sidebar-container').getByRole('link', { name: 'Glossary', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Glossary' }).waitFor();
  assert.equal(page.url(), `${server.url}glossary/`);
  await page.reload();
  await hydrated(page);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Klock' }).waitFor();
  assert.deepEqual(wrong, []);
  await close();
});

// Without scripts, which is as wide and much quicker.
test('every page fits a phone', { skip }, async () => {
  const { page, close } = await open(PHONE, 'light', { javaScriptEnabled: false, isMobile: true });
  const wide = [];
  // Pages that show a source file are all alike.
  const names = filesIn(site, 'index.html').filter((file) => !/^source\/(?!bindings\/c)/.test(file));
  for (const name of names.map((file) => file.replace(/index\.html$/, ''))) {
    await page.goto(server.url + name);
    const [content, screen] = await widths(page);
    if (content > screen) wide.push(`${name} is ${content} wide on a screen of ${screen}`);
  }
  assert.deepEqual(wide, []);
  await close();
});

for (const theme of ['light', 'dark']) {
  test(`a phone shows pages without an error (${theme})`, { skip }, async () => {
    const { page, wrong, close } = await open(PHONE, theme, { deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    for (const name of ['', 'comparison/']) {
      await page.goto(server.url + name);
      await hydrated(page);
      const [content, screen] = await widths(page);
      assert.ok(content <= screen, `${name} is ${content} wide on a screen of ${screen}`);
      await shoot(page, `phone-${theme}-${name.replace('/', '') || 'first'}.png`);
    }
    await page.click('button.navbar__toggle');
    await page.locator('.navbar-sidebar').getByRole('link', { name: 'Glossary', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Glossary' }).waitFor();
    assert.deepEqual(wrong, []);
    await close();
  });
}

test('it can be read from the disk, without a server', { skip }, async () => {
  const { page, wrong, close } = await open(DESK, 'light');
  await page.goto(pathToFileURL(path.join(site, 'index.html')).href);
  await hydrated(page);
  assert.equal(await page.locator('.navbar__search-input').isVisible(), false);
  await page.locator('.theme-doc-sidebar-container').getByRole('link', { name: 'Glossary', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Glossary' }).waitFor();
  await hydrated(page);
  assert.equal(page.url(), pathToFileURL(path.join(site, 'glossary', 'index.html')).href);
  assert.deepEqual(wrong, []);
  await close();
});
