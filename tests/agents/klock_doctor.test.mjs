// What `klock doctor` says of real clients, beside what they do.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { describe, test } from 'node:test';
import { claude, codex } from './clients/all.mjs';
import { folderOf, missing } from './install.mjs';
import { editOf, installKlock, klock } from './klock.mjs';
import { World } from './world.mjs';

const LIMIT = { timeout: 300_000 };
const NOT_PROTECTED = 14;

function doctorTest(client, name, body) {
  test(`${client.name}: ${name}`, { ...LIMIT, skip: missing(client) ?? false }, async (t) => {
    const programs = [path.dirname(client.program(folderOf(client)))];
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n' }, { programs });
    await body(world);
  });
}

/** What doctor finds about the one client that is there. */
function examine(world, exitCode, home = world.home('person')) {
  const env = { ...world.environment, HOME: home };
  const { status, stdout, stderr } = spawnSync(klock, ['doctor', '--json'], { cwd: world.repo, env, encoding: 'utf8' });
  assert.equal(status, exitCode, stdout + stderr);
  return JSON.parse(stdout).data.clients[0];
}

/** Does what Codex's own /hooks screen does: stores the hash of each hook as reviewed. */
async function trust(world, home) {
  const env = { ...world.environment, HOME: home, SCRIPTED_KEY: 'dummy' };
  const server = spawn(codex.program(folderOf(codex)), ['app-server'], { cwd: world.repo, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  readline.createInterface({ input: server.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message.result);
  });
  const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (id, method, params) => new Promise((resolve) => {
    waiting.set(id, resolve);
    send({ id, method, params });
  });
  await ask(1, 'initialize', { clientInfo: { name: 'test', title: 'test', version: '1' }, capabilities: { experimentalApi: true } });
  send({ method: 'initialized' });
  const { data: [{ hooks }] } = await ask(2, 'hooks/list', { cwds: [world.repo] });
  const value = Object.fromEntries(hooks.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
  await ask(3, 'config/batchWrite', { edits: [{ keyPath: 'hooks.state', value, mergeStrategy: 'upsert' }] });
  server.kill();
  assert.ok(hooks.length > 0);
}

describe('doctor', { concurrency: 2 }, () => {
  doctorTest(codex, 'its own word on which hooks it trusts', async (world) => {
    const home = world.home('person');
    codex.prepare({ home, repo: world.repo, url: 'http://127.0.0.1:1' });
    installKlock(world, codex);
    assert.match(examine(world, NOT_PROTECTED).problem, /until they are reviewed: .*\/hooks/);
    await trust(world, home);
    const found = examine(world, 0);
    assert.ok(found.protected);
    assert.match(found.version, /0\.171\.0/);
    assert.ok(found.warnings.some((text) => /runs out of its time lets the edit through/.test(text)), found.warnings.join());

    // Our program elsewhere, as after a move: Codex skips what is not the very text that was reviewed.
    const file = path.join(world.repo, '.codex', 'hooks.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replaceAll('"timeout": 120', '"timeout": 121'));
    assert.match(examine(world, NOT_PROTECTED).problem, /not those of this version|changed since they were reviewed/);
    fs.rmSync(path.join(home, '.codex'), { recursive: true });
    assert.match(examine(world, NOT_PROTECTED).problem, /not those of this version|folder that is not trusted/);
  });

  const bad = {
    'a bad onFailure': [/("PreToolUse".*?"onFailure": )"block"/s, '$1"deny"', 'onFailure must be one of'],
    'a bad type': [/("PreToolUse".*?"type": )"command"/s, '$1"shell"', 'type must be one of'],
    'a comment': [/^{/, '{ // mine\n', 'neither comments nor'],
  };
  for (const [name, [good, instead, problem]] of Object.entries(bad)) {
    doctorTest(claude, `${name} makes it leave out the hooks, and doctor names it`, async (world) => {
      installKlock(world, claude);
      const file = path.join(world.repo, '.claude', 'settings.json');
      const text = fs.readFileSync(file, 'utf8');
      assert.match(text, good);
      fs.writeFileSync(file, text.replace(good, instead));
      assert.match(examine(world, NOT_PROTECTED).problem, new RegExp(`settings\\.json.*${problem}`));

      // And so it does: no hook is asked.
      fs.mkdirSync(path.join(world.repo, '.git', 'klock'));
      fs.writeFileSync(path.join(world.repo, '.git', 'klock', 'klock.db'), 'no database at all\n'.repeat(1000));
      await world.run(claude, { turns: [...editOf(world.tools(claude)), { text: 'Done.' }] });
      assert.equal(world.read('a.txt'), 'one\nTWO\n');
    });
  }
});
