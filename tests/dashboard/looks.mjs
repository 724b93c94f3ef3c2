// A page in a browser, what it shows, and whether that is what the server says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { pause } from './fleet.mjs';
import { browser, load } from './place.mjs';

const DESK = { width: 1280, height: 860 };
const PATIENCE_MS = 20_000;
// How many times slower than this machine the browser's pages run: finds tests that are only right on a fast one.
const SLOW = Number(process.env.KLOCK_DASHBOARD_SLOW ?? 1);
let chrome;

export async function start() {
  chrome = await browser();
}

/** A page of its own, with a list of all that went wrong on it: errors, a broken content policy, requests to another host. */
export async function open(url, {
  viewport = DESK, colorScheme = 'light', reducedMotion = 'reduce', hash = '', context: given, ...more
} = {}) {
  const context = given ?? await chrome.newContext({ viewport, colorScheme, reducedMotion, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  if (SLOW > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOW });
  const wrong = [];
  await context.route((other) => !other.href.startsWith(url), (route) => {
    wrong.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('dialog', (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('console', (message) => {
    // That a request failed is what tests of lost connections and wrong keys are about.
    if (['error', 'warning'].includes(message.type()) && !/^Failed to load resource/.test(message.text())) wrong.push(message.text());
  });
  await page.goto(url + hash);
  return { page, context, wrong, close: () => context.close() };
}

/** Waits until so many elements are there. */
export function count(page, selector, expected) {
  return page.waitForFunction(([what, many]) => document.querySelectorAll(what).length === many, [selector, expected]);
}

/** What the tab of resources shows: who holds and who waits for each. */
export function shown(page) {
  return page.evaluate(() => {
    const texts = (row, title, part) =>
      [...row.querySelectorAll(`td[data-title="${title}"] ${part}`)].map((each) => each.textContent).sort();
    const resources = Object.fromEntries([...document.querySelectorAll('#panel tr.leaf')].map((row) => [
      row.querySelector('.base').title,
      { held: texts(row, 'Held by', '.names > span'), waited: texts(row, 'Waited for by', '.agent') },
    ]));
    const blocked = [...document.querySelectorAll('.blocked tbody td[data-title="Agent"]')].map((cell) => cell.textContent).sort();
    const text = (id) => document.querySelector(`[data-testid="${id}"]`)?.textContent.replaceAll(',', '');
    return { resources, blocked, counts: ['lease-count', 'wait-count', 'agent-count'].map((id) => parseInt(text(id), 10)) };
  });
}

/** The same, from what the server says. */
export async function told(fleet) {
  const [leases, waiters, agents] = await Promise.all(['leases', 'waiters', 'agents'].map((name) => fleet.list(name)));
  const resources = {};
  const at = (claim) => (resources[claim.resource.slice(0, 400)] ??= { held: [], waited: new Set() });
  for (const lease of leases) at(lease).held.push(`${lease.agent_id} ${lease.predicate}`);
  for (const waiter of waiters) at(waiter).waited.add(waiter.agent_id);
  for (const each of Object.values(resources)) Object.assign(each, { held: each.held.sort(), waited: [...each.waited].sort() });
  const blocked = waiters.map((waiter) => waiter.agent_id).sort();
  return { resources, blocked, counts: [leases.length, waiters.length, agents.length] };
}

/** Waits until the page shows what the server says, which must not take long. */
export async function agrees(page, fleet) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const [seen, said] = [await shown(page), await told(fleet)];
    try {
      return assert.deepEqual(seen, said);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(50);
  }
}

export async function widths(page) {
  return page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
}

/** What axe finds wrong with a page for people who do not see it, or see it badly. */
export async function findings(page) {
  const source = fs.readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
}
