// What all tests share: stores of both kinds, requests made short, and how a test knows that somebody waits.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import { KlockClient } from '@klock-protocol/core';

export const LONG_MS = 300_000; // a wait that is to be ended by something else
export const WITHIN_MS = 60_000;
export const top = process.env.KLOCK_TEST_TOP;
export const tools = process.env.KLOCK_TEST_TOOLS;

const folders = [];
after(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone after the tests. */
export function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'klock-node-'));
  folders.push(folder);
  return folder;
}

/** The name of a new SQLite store. */
export function newFile() {
  return `sqlite:${path.join(temporaryFolder(), 'klock.db')}?synchronous=normal`;
}

/** A test on each kind of store. `body` gets an open client, which is closed after it, and the name of its store. */
export function onEachStore(name, body) {
  for (const kind of ['memory', 'sqlite']) {
    test(`${name}, ${kind}`, { timeout: WITHIN_MS }, async () => {
      const storage = kind === 'memory' ? kind : newFile();
      const client = new KlockClient({ storage });
      try {
        await body(client, storage);
      } finally {
        client.close();
      }
    });
  }
}

/** A request for one file, of the agent's session `s`. */
export function wanted(agentId, resourcePath = '/a', more = {}) {
  return { agentId, sessionId: 's', resourceType: 'FILE', resourcePath, predicate: 'MUTATES', ttl: 600_000, ...more };
}

/** Resolves once the condition holds. */
export async function until(condition, what = 'it did not come about') {
  const end = performance.now() + WITHIN_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(what);
    await sleep(2);
  }
}

/** How often something of a kind happened to an agent. */
export function count(client, kind, agentId) {
  return client.events({ limit: 1000 }).filter((event) => event.kind === kind && event.agentId === agentId).length;
}

/** Resolves once the agent waits. */
export function untilWaiting(client, agentId) {
  return until(() => count(client, 'QUEUED', agentId) + count(client, 'PARKED', agentId) > 0, `${agentId} does not wait`);
}

/** Runs a program in the project, and resolves to its exit code and all it wrote. */
export function run(command, parameters, options = {}) {
  const child = spawn(command, parameters, { timeout: WITHIN_MS, ...options });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** Runs a text as a Node program, beside this file so that it finds the package. */
export function runText(text, parameters = [], nodeOptions = [], options = {}) {
  const file = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), `text-${process.pid}-${++texts}.mjs`);
  fs.writeFileSync(file, text);
  return run(process.execPath, [...nodeOptions, file, ...parameters], options);
}

let texts = 0;
