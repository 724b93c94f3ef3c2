// `klock mcp` on stdio, driven by the official SDK and inspector: claims, waits, notes, bad input, and every way in which a client ends.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { missing, top } from './install.mjs';
import { klock, leases, until, waiters } from './klock.mjs';
import { connect, said } from './mcp_client.mjs';
import { programOf, sdk } from './mcp_parts.mjs';
import { World } from './world.mjs';

const run = promisify(execFile);
const SOON_MS = 1_000; // a claim lasts a minute without its server

function mcpTest(name, body) {
  test(name, { timeout: 120_000, skip: missing(sdk) ?? false }, async (t) => {
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n', 'src/c.txt': 'c\n' });
    await body(world);
  });
}

const lineOf = ({ agent_id, predicate, resource }) => `${agent_id} ${predicate} ${resource}`;
const held = async (world) => (await leases(world)).map(lineOf).sort();

const free = (world) => until('it is free', async () => (await leases(world)).length === 0);

/** What a hook of Claude Code answers. */
function hook(world, event, session, more = {}) {
  const input = JSON.stringify({ session_id: session, cwd: world.repo, hook_event_name: event, ...more });
  const env = { ...world.environment, KLOCK_WAIT: '0s' };
  return execFileSync(klock, ['hook', 'claude', event], { cwd: world.repo, env, input, encoding: 'utf8' });
}

const edit = (world, file) => ({ tool_name: 'Edit', tool_use_id: `edit-${file}`, tool_input: {
  file_path: path.join(world.repo, file), old_string: 'one', new_string: 'ONE' } });

describe('tools', { concurrency: 1 }, () => {
  mcpTest('are five, each with a title, hints and schemas; nothing that frees a lease is ever said', async (world) => {
    const { client, call, close } = await connect(world);
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name), ['klock_status', 'klock_claim', 'klock_release', 'klock_why', 'klock_note']);
    for (const { title, description, annotations, outputSchema } of tools) {
      assert.ok(title && description && outputSchema);
      assert.equal(annotations.openWorldHint, false);
      assert.ok(annotations.readOnlyHint === true || annotations.destructiveHint === false);
    }
    assert.equal(tools.find(({ name }) => name === 'klock_claim')._meta['anthropic/alwaysLoad'], true);
    const answers = [
      await call('claim', { files: ['a.txt', 'src/**'], note: 'both' }), await call('status'), await call('why', { path: 'a.txt' }),
      await call('note', { files: ['a.txt'], note: 'other' }), await call('release', { all: true }),
    ];
    const [lease] = await leases(world);
    assert.equal(lease, undefined);
    assert.doesNotMatch(JSON.stringify(answers), /lease_id|session_id|fencing|[0-9a-f]{32}/);
    const { resources } = await client.listResources();
    assert.deepEqual(resources.map(({ uri }) => uri), ['klock://status']);
    const { contents } = await client.readResource({ uri: 'klock://status' });
    assert.deepEqual(JSON.parse(contents[0].text).claims, []);
    await close();
  });

  mcpTest('claim all or none; the other waits, reads the note, and gets it when it is released', async (world) => {
    const [one, other] = [await connect(world, { name: 'one' }), await connect(world, { name: 'other' })];
    const claimed = await one.call('claim', { files: ['a.txt', path.join(world.repo, 'src/**')], note: 'a new login' });
    assert.equal(claimed.structuredContent.claimed, true);
    assert.deepEqual(claimed.structuredContent.files, ['a.txt', 'src/**']);
    const refused = await other.call('claim', { files: ['b.txt', 'src/c.txt'], wait_s: 0 });
    assert.equal(refused.isError, undefined);
    assert.equal(refused.structuredContent.claimed, false);
    assert.match(said(refused), /^Nothing was claimed: in use by others \(src\/\*\*: mcp:one:\d+ \(a new login\)\)\. Do other work first/);
    assert.equal((await held(world)).length, 2);
    await one.call('note', { files: ['src/**'], note: 'soon done' });
    assert.match(said(await other.call('why', { path: 'src/c.txt' })), /^src\/c\.txt is in use by mcp:one:\d+ since .* \(soon done\)\./);
    const waiting = other.call('claim', { files: ['src/c.txt'], intent: 'delete' });
    await until('it waits', () => waiters(world));
    assert.match(said(await one.call('status')), /You have claimed a\.txt, src\/\*\*\..*Waiting: src\/c\.txt \(mcp:other/);
    assert.deepEqual((await one.call('release', { files: ['src/**', 'b.txt'] })).structuredContent.not_claimed, ['b.txt']);
    assert.match(said(await waiting), /^Claimed for you: src\/c\.txt/);
    const now = (await held(world)).map((line) => line.replace(/:\d+/, ''));
    assert.deepEqual(now, ['mcp:one MUTATES FILE:a.txt', 'mcp:other DELETES FILE:src/c.txt']);
    await Promise.all([one.close(), other.close()]);
  });

  mcpTest('claimed twice is claimed once; readers share; a folder wants its stars', async (world) => {
    const [one, other] = [await connect(world, { name: 'one' }), await connect(world, { name: 'other' })];
    for (let times = 0; times < 2; times++) await one.call('claim', { files: ['a.txt', './a.txt'] });
    assert.equal((await held(world)).length, 1);
    await one.call('claim', { files: ['a.txt'], intent: 'read' });
    assert.equal((await other.call('claim', { files: ['a.txt'], intent: 'read', wait_s: 0 })).structuredContent.claimed, true);
    assert.equal((await held(world)).length, 2);
    assert.match(said(await one.call('claim', { files: ['src'] })), /'src' is a folder: to mean it and all in it, say 'src\/\*\*'/);
    await Promise.all([one.close(), other.close()]);
  });

});

describe('bad input', () => {
  mcpTest('is an answer that says what is wrong, and changes nothing', async (world) => {
    const { client, call, close } = await connect(world);
    const wrong = async (tool, input, sentence) => {
      const answer = await call(tool, input);
      assert.equal(answer.isError, true, JSON.stringify(answer));
      assert.match(said(answer), sentence);
    };
    await wrong('claim', {}, /^files is missing/);
    await wrong('claim', { files: 'a.txt' }, /^files is no list/);
    await wrong('claim', { files: [] }, /^files has 0 paths: it must have 1 to 256/);
    await wrong('claim', { files: [''] }, /^files has an empty path/);
    await wrong('claim', { files: [7] }, /^files has something that is no text/);
    await wrong('claim', { files: ['a\0b'] }, /character of value 0/);
    await wrong('claim', { files: ['x'.repeat(5000)] }, /longer than 4096 bytes/);
    await wrong('claim', { files: Array.from({ length: 257 }, (_, n) => `f${n}`) }, /^files has 257 paths/);
    await wrong('claim', { files: ['a.txt'], intent: 'destroy' }, /^intent is 'destroy': it must be one of edit, read/);
    await wrong('claim', { files: ['a.txt'], wait_s: 9999 }, /^wait_s must be a number from 0 to 240/);
    await wrong('claim', { files: ['a.txt'], note: 'x'.repeat(2000) }, /^note has 2000 bytes: it may have 1024/);
    await wrong('claim', { files: ['a.txt'], wait: 3 }, /^there is no field 'wait': it must be one of files, intent, wait_s, note/);
    await wrong('release', {}, /^say either files, a list of paths, or all: true/);
    await wrong('why', {}, /^path is missing/);
    await wrong('note', { files: ['a.txt'], note: 'mine' }, /^files has what you have not claimed: a\.txt/);
    await assert.rejects(client.callTool({ name: 'klock_steal', arguments: {} }), /There is no tool 'klock_steal'/);
    assert.deepEqual(await leases(world), []);
    await close();
  });
});

describe('an end', { concurrency: 1 }, () => {
  mcpTest('given up while it waits, it waits no more; a claim that was answered stays', async (world) => {
    const [one, other] = [await connect(world, { name: 'one' }), await connect(world, { name: 'other' })];
    await one.call('claim', { files: ['a.txt'] });
    for (let id = 0; id < 9; id++) await one.client.notification({ method: 'notifications/cancelled', params: { requestId: id } });
    const stop = new AbortController();
    const waiting = other.call('claim', { files: ['a.txt'] }, { signal: stop.signal });
    await until('it waits', () => waiters(world));
    stop.abort();
    await assert.rejects(waiting);
    await until('nobody waits', async () => (await waiters(world)).length === 0);
    assert.equal((await held(world)).length, 1);
    await one.call('release', { all: true });
    await sleep(100);
    assert.deepEqual(await leases(world), []);
    await Promise.all([one.close(), other.close()]);
  });

  for (const [how, end] of Object.entries({
    'of its input': (one) => one.close(),
    'by SIGTERM': (one) => process.kill(one.transport.pid, 'SIGTERM'),
    'by SIGINT': (one) => process.kill(one.transport.pid, 'SIGINT'),
  })) {
    mcpTest(`${how} ends its claims, also one that it waits for`, async (world) => {
      const [one, other] = [await connect(world, { name: 'one' }), await connect(world, { name: 'other' })];
      await one.call('claim', { files: ['a.txt'] });
      await other.call('claim', { files: ['b.txt'] });
      const waiting = one.call('claim', { files: ['b.txt'] }).catch(() => {});
      const told = () => Promise.race([waiting.then(() => true), sleep(50)]);
      await until('it waits or is told', async () => (await waiters(world)).length > 0 || told());
      await end(one);
      await until('only the other has something', async () => (await held(world)).length === 1);
      assert.deepEqual(await waiters(world), []);
      await other.close();
      await free(world);
    });
  }

  mcpTest('of a client that is killed frees its claims within a second', async (world) => {
    const claimant = path.join(top, 'tests', 'agents', 'mcp_claimant.mjs');
    const client = spawn(process.execPath, [claimant, world.repo, 'a.txt'], { cwd: world.repo, env: world.environment });
    await new Promise((resolve) => client.stdout.once('data', resolve));
    assert.equal((await held(world)).length, 1);
    client.kill('SIGKILL');
    const start = performance.now();
    const next = ['run', '--agent', 'next', '--file', 'a.txt', '--wait', '60s', '--', 'true'];
    await run(klock, next, { cwd: world.repo, env: world.environment });
    assert.ok(performance.now() - start < SOON_MS, `${performance.now() - start} ms`);
  });

});

describe('a raw client', () => {
  mcpTest('may send a line that is no JSON; one that reads no more is gone', async (world) => {
    const server = spawn(klock, ['mcp'], { cwd: world.repo, env: world.environment });
    const ended = new Promise((resolve) => server.once('exit', (code) => resolve(code)));
    const answers = [];
    server.stdout.on('data', (data) => answers.push(...data.toString().trim().split('\n').map((line) => JSON.parse(line))));
    const lineOf = (message) => (typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message }));
    const send = (message) => server.stdin.write(`${lineOf(message)}\n`);
    send('no JSON');
    send('{"jsonrpc":"2.0","id":1,"method":');
    send(Buffer.from([0xff, 0xfe]).toString('latin1'));
    const clientInfo = { name: 'raw', version: '1' };
    send({ id: 2, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    await until('it answers', () => answers.some(({ id }) => id === 2));
    assert.equal(answers.find(({ id }) => id === 2).result.protocolVersion, '2025-06-18');
    send({ method: 'notifications/initialized' });
    send({ id: 3, method: 'tools/call', params: { name: 'klock_claim', arguments: { files: ['a.txt'] } } });
    await until('it claims', () => leases(world));
    server.stdout.destroy();
    send({ id: 4, method: 'tools/call', params: { name: 'klock_status' } });
    server.stdin.end();
    assert.equal(await ended, 0);
    assert.deepEqual(await leases(world), []);
  });
});

describe('with the hooks of one session', { concurrency: 1 }, () => {
  mcpTest('an agent edits what it has claimed, another is refused; a turn\'s end keeps claims, a session\'s does not', async (world) => {
    const { call, close } = await connect(world, { name: 'claude-code', environment: { CLAUDE_CODE_SESSION_ID: 'S1' } });
    await call('claim', { files: ['a.txt'], note: 'the login' });
    assert.deepEqual(await held(world), ['claude:S1 MUTATES FILE:a.txt']);
    assert.equal(hook(world, 'PreToolUse', 'S1', edit(world, 'a.txt')), '');
    assert.match(hook(world, 'PreToolUse', 'S2', edit(world, 'a.txt')), /a\.txt is in use by claude:S1.*\(the login\)/);
    hook(world, 'PostToolUse', 'S1', edit(world, 'a.txt'));
    hook(world, 'Stop', 'S1');
    assert.deepEqual(await held(world), ['claude:S1 MUTATES FILE:a.txt']);
    hook(world, 'SessionEnd', 'S1');
    assert.deepEqual(await held(world), []);
    assert.match(said(await call('status')), /You have claimed nothing\. Over before you released them.*a\.txt/);
    await close();
  });

  mcpTest('a subagent claims for itself, by its client\'s id of the call, or by the call itself', async (world) => {
    const { call, close } = await connect(world, { name: 'claude-code', environment: { CLAUDE_CODE_SESSION_ID: 'S1' } });
    const input = { files: ['a.txt'] };
    const called = { tool_name: 'mcp__klock__klock_claim', tool_use_id: 'T1', tool_input: input };
    assert.equal(hook(world, 'PreToolUse', 'S1', { ...called, agent_id: 'sub' }), '');
    await call('claim', input, { meta: { 'claudecode/toolUseId': 'T1' } });
    assert.deepEqual(await held(world), ['claude:S1/sub MUTATES FILE:a.txt']);
    assert.match(hook(world, 'PreToolUse', 'S1', edit(world, 'a.txt')), /in use by claude:S1\/sub/);
    hook(world, 'SubagentStop', 'S1', { agent_id: 'sub' });
    assert.deepEqual(await held(world), []);
    // The same again from a client that gives no id: its process, the tool and its input say who it is.
    hook(world, 'PreToolUse', 'S1', { ...called, tool_use_id: undefined, agent_id: 'other' });
    await call('claim', input);
    assert.deepEqual(await held(world), ['claude:S1/other MUTATES FILE:a.txt']);
    await close();
    await free(world);
  });

  mcpTest('Codex says in each call who it is; a client in another one\'s shell is not that one', async (world) => {
    const environment = { CLAUDE_CODE_SESSION_ID: 'S1' };
    const codex = await connect(world, { name: 'codex-mcp-client', environment });
    await codex.call('claim', { files: ['a.txt'] }, { meta: { sessionId: 'C1', threadId: 'C1' } });
    await codex.call('claim', { files: ['b.txt'] }, { meta: { sessionId: 'C1', threadId: 'C2' } });
    assert.deepEqual(await held(world), ['codex:C1 MUTATES FILE:a.txt', 'codex:C1/C2 MUTATES FILE:b.txt']);
    await codex.close();
    const gemini = await connect(world, { name: 'gemini-cli-mcp-client', environment });
    await gemini.call('claim', { files: ['a.txt'] });
    assert.match((await held(world))[0], /^mcp:gemini-cli-mcp-client:\d+ /);
    await gemini.close();
  });
});

mcpTest('the inspector lists the tools and calls one', async (world) => {
  const inspect = async (...options) => {
    const { stdout } = await run(programOf(sdk), ['--cli', klock, 'mcp', ...options], { cwd: world.repo, env: world.environment });
    return JSON.parse(stdout);
  };
  assert.equal((await inspect('--method', 'tools/list')).tools.length, 5);
  const options = ['--method', 'tools/call', '--tool-name', 'klock_why', '--tool-arg', 'path=a.txt'];
  assert.equal((await inspect(...options)).structuredContent.message, 'a.txt is free.');
  assert.ok(fs.existsSync(path.join(world.repo, '.git', 'klock', 'hooks.db')));
});

async function serve(world, ...options) {
  const server = spawn(klock, ['serve', '--storage', 'memory', '--port', '0', ...options], { cwd: world.repo, env: world.environment });
  let log = '';
  server.stderr.on('data', (data) => (log += data));
  server.stdout.on('data', (data) => (log += data));
  return { server, url: await until('it serves', () => /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0]) };
}

async function answering(status, body) {
  const server = http.createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

describe('another server', { concurrency: 1 }, () => {
  for (const way of ['KLOCK_SERVER', 'KLOCK_SOCKET']) {
    mcpTest(`${way} names the one whose leases are meant: claims, waits, and what is wrong with it`, async (world) => {
      const socket = path.join(world.folder, 'klock.sock');
      const { server, url } = await serve(world, '--socket', socket);
      const environment = { [way]: way === 'KLOCK_SERVER' ? url : socket };
      const there = async () => {
        const { stdout } = await run(klock, ['leases', '--json'], { cwd: world.repo, env: { ...world.environment, ...environment } });
        return JSON.parse(stdout).data.map(lineOf);
      };
      const [one, other] = [await connect(world, { name: 'one', environment }), await connect(world, { name: 'other', environment })];
      assert.equal((await one.call('claim', { files: ['a.txt', 'b.txt'] })).structuredContent.claimed, true);
      assert.equal((await there()).length, 2);
      assert.deepEqual(await held(world), []);
      assert.equal((await other.call('claim', { files: ['b.txt'], wait_s: 0 })).structuredContent.claimed, false);
      assert.match(said(await other.call('why', { path: 'a.txt' })), /in use by mcp:one:/);
      const waiting = other.call('claim', { files: ['b.txt'], wait_s: 30 });
      await one.call('release', { all: true });
      assert.equal((await waiting).structuredContent.claimed, true);
      await other.close();
      await until('it is free', async () => (await there()).length === 0);
      server.kill();
      await new Promise((resolve) => server.once('exit', resolve));
      const failed = await one.call('claim', { files: ['a.txt'] });
      assert.equal(failed.isError, true);
      assert.match(said(failed), /cannot be reached/);
      await one.close();
    });
  }
  mcpTest('of several servers one that answers is used; one that is none of Klock is told', async (world) => {
    const [{ server, url }, gateway, other] = await Promise.all([
      serve(world), answering(502, '{"message":"no upstream"}'), answering(404, '<html>')]);
    const one = await connect(world, { name: 'one', environment: { KLOCK_SERVER: `${gateway.url},${url}` } });
    assert.equal((await one.call('claim', { files: ['a.txt'] })).structuredContent.claimed, true);
    const { stdout } = await run(klock, ['leases', '--json', '--server', url], { cwd: world.repo, env: world.environment });
    assert.equal(JSON.parse(stdout).data.length, 1);
    const strange = await connect(world, { name: 'two', environment: { KLOCK_SERVER: `${other.url},${url}` } });
    const told = await strange.call('claim', { files: ['b.txt'] });
    assert.equal(told.isError, true);
    assert.match(said(told), /answered 404 and nothing that Klock would say/);
    await Promise.all([one.close(), strange.close()]);
    server.kill();
    for (const each of [gateway, other]) each.server.close();
  });

});
