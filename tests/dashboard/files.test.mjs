// What the page is made of: small, no script or style in the page itself, nothing from another host; and the program has it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { page, serve, stopAll, top } from './place.mjs';

const files = fs.readdirSync(page, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
const MOST_BYTES = 150 * 1024;

after(stopAll);

test('it has at most 150 KB, compressed', () => {
  const bytes = files.reduce((sum, file) => sum + gzipSync(fs.readFileSync(file), { level: 9 }).length, 0);
  assert.ok(files.length >= 3);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
});

test('the page has no script, style or handler in it, and only relative addresses', () => {
  const html = fs.readFileSync(path.join(page, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=/);
  for (const [, attributes, text] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) assert.ok(/src=/.test(attributes) && text === '');
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(address, /^\.\/assets\/[\w-]+\.\w+$/);
});

test('no file names another host', () => {
  for (const file of files) {
    const hosts = [...fs.readFileSync(file, 'utf8').matchAll(/https?:\/\/[\w.-]+/g)].map(([host]) => host);
    // Namespaces of XML, which nobody asks for.
    assert.deepEqual(hosts.filter((host) => host !== 'http://www.w3.org'), [], file);
  }
});

test('the program serves these very files', async () => {
  const server = await serve();
  for (const file of files) {
    const name = path.relative(page, file).replace('index.html', '');
    const answer = await fetch(server.url + name);
    assert.equal(answer.status, 200, name);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), fs.readFileSync(file), `${name}: the program was made with another page`);
  }
  await server.stop();
});

test('the lock file names no host of a registry', () => {
  const lock = fs.readFileSync(path.join(top, 'dashboard', 'package-lock.json'), 'utf8');
  assert.doesNotMatch(lock, /"resolved"/);
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(top, 'dashboard', 'package.json'), 'utf8'));
  for (const version of Object.values({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+$/);
});

test('the pictures in docs/ are small', () => {
  const folder = path.join(top, 'docs', 'images');
  const pictures = fs.readdirSync(folder).filter((name) => /^dashboard-.*\.png$/.test(name));
  assert.ok(pictures.length >= 4);
  for (const name of pictures) assert.ok(fs.statSync(path.join(folder, name)).size <= 200_000, name);
});
