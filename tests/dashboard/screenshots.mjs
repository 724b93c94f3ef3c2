#!/usr/bin/env node
// Photographs the dashboard for the documentation: tests/dashboard/screenshots.mjs FOLDER. `./build.sh screenshots` does it.
import fs from 'node:fs';
import path from 'node:path';
import { browser, inBrowser, serve, stopAll } from './place.mjs';
import { play } from './scene.mjs';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const MOST_BYTES = 200_000;
const LOGIN = encodeURIComponent('FILE:src/auth/login.ts');

// Which picture is of what.
const PICTURES = [
  { name: 'dashboard-light', theme: 'light', size: DESK, hash: `tab=resources&why=${LOGIN}` },
  { name: 'dashboard-dark', theme: 'dark', size: DESK, hash: 'tab=timeline' },
  { name: 'dashboard-contention', theme: 'light', size: { width: 1280, height: 520 }, hash: 'tab=contention' },
  { name: 'dashboard-events', theme: 'dark', size: { width: 1280, height: 720 }, hash: 'tab=events' },
  { name: 'dashboard-narrow', theme: 'light', size: PHONE, hash: 'tab=agents' },
];

async function shoot(chrome, url, folder, { name, theme, size, hash }) {
  const context = await chrome.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${url}#${hash}`);
  await page.getByTestId('blocked-count').filter({ hasText: /agent/ }).waitFor();
  const last = page.locator('label', { hasText: /^Last/ }).locator('select');
  if (await last.count() > 0) await last.selectOption('1');
  await page.evaluate(() => document.activeElement?.blur());
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size: bytes } = fs.statSync(file);
  if (bytes > MOST_BYTES) throw new Error(`${file} has ${bytes} bytes: at most ${MOST_BYTES}`);
  console.log(`${path.basename(file)}: ${Math.ceil(bytes / 1024)} KiB`);
}

async function main([folder]) {
  if (!folder) throw new Error('usage: tests/dashboard/screenshots.mjs FOLDER');
  if (inBrowser.skip) throw new Error(inBrowser.skip);
  const server = await serve();
  const chrome = await browser();
  try {
    await play(server.url);
    for (const picture of PICTURES) await shoot(chrome, server.url, folder, picture);
  } finally {
    await stopAll();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`tests/dashboard/screenshots.mjs: ${error.message}`);
  process.exitCode = 1;
});
