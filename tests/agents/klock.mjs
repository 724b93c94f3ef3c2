// Worlds with Klock's own hooks in the real clients, as `klock install` puts them there, and what a person would ask `klock` besides.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { missing, top } from './install.mjs';
import { World } from './world.mjs';

const run = promisify(execFile);
const LIMIT = { timeout: 300_000 }; // a client that hangs, on a machine with much else to do

/** The program, as the build leaves it. */
export const klock = path.join(top, 'dist', 'bin', 'klock');

/** A test of one client in a repository with its hooks; `body` gets the world and the client's tools. */
export function klockTest(client, name, body) {
  test(`${client.title ?? client.name}: ${name}`, { ...LIMIT, skip: missing(client) ?? false }, async (t) => {
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n' });
    installKlock(world, client);
    await body(world, world.tools(client));
  });
}

/** `klock install CLIENT` in the world's repository, or with `--user` in a home. */
export function installKlock(world, client, { options = [], home } = {}) {
  const env = { ...world.environment, ...(home && { HOME: home }) };
  execFileSync(klock, ['install', client.name, ...options], { cwd: world.repo, env });
}

/** Runs `klock ARGUMENTS --json` in the repository and returns its data. */
export async function ask(world, ...command) {
  const { stdout } = await run(klock, [...command, '--json'], { cwd: world.repo, env: world.environment });
  return JSON.parse(stdout).data;
}

export const leases = (world) => ask(world, 'leases');
export const waiters = async (world) => (await ask(world, 'status')).waiters;

/** Waits until `look` gives something that is true (not an empty list), and returns it. An agent that ends meanwhile fails the test. */
export async function until(what, look, agent) {
  const end = agent?.ended.then(() => 'ended');
  for (let tries = 0; tries < 600; tries++) {
    const found = await look();
    if (Array.isArray(found) ? found.length > 0 : found) return found;
    if ((await Promise.race([end ?? sleep(100), sleep(100)])) === 'ended') {
      assert.fail(`${agent.client.name} ended before ${what}: ${heard(agent)}\n${agent.stdout}\n${agent.stderr}`);
    }
  }
  assert.fail(`${what}: not within a minute`);
}

/** All that reached the model since it began: results of tools, and what hooks added, each text on its own. */
export function heard(agent) {
  const isInstruction = (text) => text.length > 4000; // the client's own, in the first request
  const all = agent.model.requests.flatMap(({ results, user, notes }) => [...results.map(({ text }) => text), ...user, ...notes]);
  return all.filter((text) => !isInstruction(text) && text !== '').join('\n');
}

/** Fails unless the model got to read this. */
export function assertHeard(agent, pattern) {
  const text = heard(agent);
  assert.ok(pattern.test(text), `the model of ${agent.client.name} did not hear ${pattern}, but:\n${text}`);
}

/** A person's program that holds a file until `release` is called. */
export async function holder(world, file) {
  const command = ['run', '--agent', 'somebody', '--file', file, '--', 'sh', '-c', 'echo held; read _'];
  const child = spawn(klock, command, { cwd: world.repo, env: world.environment });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('klock run ended at once')));
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    release: () => {
      child.stdin.end('\n');
      return ended;
    },
  };
}

/** The turns that read a file and edit it, as each client's model does: most insist on the read. */
export function editOf({ read, edit }, file = 'a.txt', old = 'two', text = 'TWO') {
  return [{ calls: [read(file)] }, { calls: [edit(file, old, text)] }];
}
