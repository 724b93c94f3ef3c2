// The packages: what is in them, how they are found, and what is said where they do not fit.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import * as imported from '@klock-protocol/core';
import { run, temporaryFolder, top } from './support.mjs';

const require = createRequire(import.meta.url);
const USE = "const { KlockClient } = require('@klock-protocol/core'); console.log(new KlockClient().activeLeaseCount());";
const modules = path.join(process.cwd(), 'node_modules');

function node(text, environment = {}, folder = process.cwd(), options = []) {
  return run(process.execPath, [...options, '-e', text], { cwd: folder, env: { ...process.env, ...environment } });
}

/** A project that has the core package and koffi alone. */
function withoutPlatformPackage() {
  const folder = temporaryFolder();
  for (const name of ['@klock-protocol/core', 'koffi', '@koromix']) {
    fs.cpSync(path.join(modules, name), path.join(folder, 'node_modules', name), { recursive: true });
  }
  return folder;
}

test('import and require give the same objects', () => {
  const required = require('@klock-protocol/core');
  for (const name of Object.keys(required)) assert.equal(imported[name], required[name], name);
  assert.deepEqual(Object.keys(imported).filter((name) => name !== 'default').sort(), Object.keys(required).sort());
});

test('the packages say what they are', () => {
  const core = require('@klock-protocol/core/package.json');
  const platform = JSON.parse(fs.readFileSync(path.join(modules, '@klock-protocol/core-linux-x64/package.json')));
  const { version } = platform;
  assert.deepEqual(core.optionalDependencies, { '@klock-protocol/core-linux-arm64': version, '@klock-protocol/core-linux-x64': version });
  assert.equal(core.version, platform.version);
  assert.deepEqual([platform.os, platform.cpu, platform.libc], [['linux'], ['x64'], ['glibc']]);
  assert.deepEqual(Object.keys(core.dependencies), ['koffi']);
});

test('npm installs them without a network, once koffi is in its cache, and removes them without a trace', async () => {
  const folder = temporaryFolder();
  const packages = fs.readdirSync(path.join(top, 'dist/npm')).map((name) => path.join(top, 'dist/npm', name));
  const npm = (...command) => run('npm', [...command, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  assert.deepEqual((await npm('install', ...packages)).code, 0);
  assert.deepEqual(await node(USE, {}, folder), { code: 0, output: '0\n' });
  assert.deepEqual((await npm('ls')).code, 0);
  assert.deepEqual((await npm('uninstall', '@klock-protocol/core', '@klock-protocol/core-linux-x64')).code, 0);
  // npm leaves the empty folders of scopes, and a list of what is there.
  const left = fs.readdirSync(path.join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
  assert.deepEqual(left.filter((entry) => entry.isFile()).map((file) => file.name), ['.package-lock.json']);
});

test('what npm shows of them leads nowhere else than where it says', () => {
  for (const name of ['core', 'core-linux-x64']) {
    const text = fs.readFileSync(path.join(modules, '@klock-protocol', name, 'README.md'), 'utf8');
    const found = text.matchAll(/\]\(([^)]*)\)|^\[[^\]]+\]: *(\S+)|(?:href|src)="([^"]*)"/gm);
    const links = [...found].map((each) => each.slice(1).find(Boolean));
    // On npm's page there is nothing beside the README.
    for (const link of links) assert.match(link, /^https:\/\/|^#/, `${name}: ${link}`);
  }
});

test('the library in the package is the one that was built', () => {
  const installed = fs.readFileSync(path.join(modules, '@klock-protocol/core-linux-x64/libklock.so'));
  assert.ok(installed.equals(fs.readFileSync(path.join(top, 'dist/lib/libklock.so'))));
});

test('klock, the command line, comes with them', async () => {
  const klock = path.join(modules, '.bin', 'klock');
  const { version } = require('@klock-protocol/core/package.json');
  const { code, output } = await run(klock, ['version']);
  assert.equal(code, 0, output);
  assert.ok(output.includes(version), output);
});

test('core without the platform package says what is missing', async () => {
  const folder = withoutPlatformPackage();
  const { code, output } = await node(USE, {}, folder);
  assert.equal(code, 1);
  assert.match(output, /KlockLibraryError: The package @klock-protocol\/core-linux-x64 is not installed/);
  const library = path.join(top, 'dist/lib/libklock.so');
  assert.deepEqual(await node(USE, { KLOCK_LIBRARY: library }, folder), { code: 0, output: '0\n' });
});

test('another platform is told that there is no library for it', async () => {
  const file = path.join(temporaryFolder(), 'other.cjs');
  const is = (name, value) => `Object.defineProperty(process, '${name}', { value: '${value}' });`;
  fs.writeFileSync(file, is('platform', 'darwin') + is('arch', 'arm64'));
  const { code, output } = await node(USE, {}, process.cwd(), ['--require', file]);
  assert.equal(code, 1);
  assert.match(output, /KlockLibraryError: Klock has no native library for darwin-arm64: there is one for linux-x64, linux-arm64 with/);
});

test('KLOCK_LIBRARY that names nothing, or something else', async () => {
  const missing = await node(USE, { KLOCK_LIBRARY: '/klock-no-such-file.so' });
  assert.match(missing.output, /KlockLibraryError: KLOCK_LIBRARY names \/klock-no-such-file.so, and there is no such file/);
  const other = await node(USE, { KLOCK_LIBRARY: process.execPath });
  assert.match(other.output, /KlockLibraryError: Klock's library .* could not be used/);
});

test('the package is loaded without its library until something needs it', async () => {
  const text = "console.log(typeof require('@klock-protocol/core').Klock)";
  assert.deepEqual(await node(text, { KLOCK_LIBRARY: '/klock-no-such-file.so' }), { code: 0, output: 'function\n' });
});
