// Starting a server where none listens.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Klock, KlockClient, KlockHttpClient } from '@klock-protocol/core';
import { folderWithKlock, freeAddress, otherServer, program, startServer } from './server.mjs';
import { newFile, runText, temporaryFolder, until, wanted } from './support.mjs';

process.env.KLOCK_STORAGE = 'memory'; // not the store of the repository that the tests are in
const environment = { ...process.env };
const started = [];
afterEach(async () => {
  process.env = { ...environment };
  for (const client of started.splice(0)) await client.shutdown();
});

async function newClient(options) {
  const client = new KlockHttpClient({ baseUrl: await freeAddress(), startupTimeoutMs: 20_000, ...options });
  started.push(client);
  return client;
}

function isRunning(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'; // ended, and not yet asked for its exit code
  } catch {
    return false;
  }
}

test('klock on PATH is started by the first request, and shut down', async () => {
  process.env.PATH = `${folderWithKlock()}${path.delimiter}${process.env.PATH}`;
  process.env.TMPDIR = temporaryFolder();
  const client = await newClient();
  assert.deepEqual([client.autoStart, client.autoStartAttempted, client.autoStartedPid], [true, false, null]);
  assert.deepEqual(await Promise.all([client.listLeases(), client.listAgents()]), [[], []]);
  assert.equal(client.autoStartAttempted, true);
  const pid = client.autoStartedPid;
  assert.ok(isRunning(pid));
  assert.deepEqual(fs.readdirSync(process.env.TMPDIR), []);
  await client.shutdown();
  assert.equal(isRunning(pid), false);
  assert.equal(client.autoStartedPid, null);
});

test('without one the klock of the platform\'s package is', async () => {
  process.env.PATH = '';
  const client = await newClient();
  assert.equal(await client.activeLeaseCount(), 0);
  assert.ok(isRunning(client.autoStartedPid));
});

test('a command of one\'s own, by option or by KLOCK_SERVER_COMMAND', async () => {
  const klock = path.join(folderWithKlock(), 'klock');
  assert.deepEqual(await (await newClient({ serverCommand: [klock, 'serve'] })).listLeases(), []);
  process.env.KLOCK_SERVER_COMMAND = `"${klock}" serve --log-level 'error'`;
  assert.deepEqual(await (await newClient()).listLeases(), []);
  const baseUrl = await freeAddress();
  const complete = [klock, 'serve', '--port', new URL(baseUrl).port, '--log-level', 'error'];
  assert.deepEqual(await (await newClient({ baseUrl, serverCommand: complete })).listLeases(), []);
});

test('Klock.local starts one for its first file, and it goes on', async () => {
  const serverCommand = [path.join(folderWithKlock(), 'klock'), 'serve'];
  const klock = Klock.local({ agentId: 'a', priority: 3, baseUrl: await freeAddress(), serverCommand, startupTimeoutMs: 20_000 });
  started.push(klock.client);
  assert.equal(klock.client.autoStartAttempted, false);
  assert.equal(await klock.withFile('/a', (guard) => guard.lease.agentId), 'a');
  assert.deepEqual(await klock.client.listAgents(), [{ agentId: 'a', priority: 3 }]);
  await klock.close();
  assert.ok(isRunning(klock.client.autoStartedPid));
});

test('two that start one at the same moment share it', async () => {
  const baseUrl = await freeAddress();
  const serverCommand = [path.join(folderWithKlock(), 'klock'), 'serve'];
  const [one, two] = await Promise.all([newClient({ baseUrl, serverCommand }), newClient({ baseUrl, serverCommand })]);
  const both = await Promise.all([one.acquireLease('a', 's', 'FILE', '/a', 'MUTATES', 1000), two.activeLeaseCount()]);
  assert.ok(both[0].success);
  assert.deepEqual([one.autoStartedPid, two.autoStartedPid].filter((pid) => pid !== null && isRunning(pid)).length, 1);
});

test('the server ends with the process that started it, also when that is killed', async () => {
  const text = `import { KlockHttpClient } from '@klock-protocol/core';
    const client = new KlockHttpClient({ baseUrl: process.argv[2], serverCommand: [process.argv[3], 'serve'], startupTimeoutMs: 20000 });
    await client.acquireLease('a', 's', 'FILE', '/f', 'MUTATES', 60000);
    console.log(client.autoStartedPid);
    if (process.argv[4] === 'killed') process.kill(process.pid, 'SIGKILL');`;
  for (const end of ['returns', 'killed']) {
    const baseUrl = await freeAddress();
    const storage = newFile();
    const env = { ...process.env, KLOCK_STORAGE: storage };
    const { code, output } = await runText(text, [baseUrl, path.join(folderWithKlock(), 'klock'), end], [], { env });
    assert.equal(code, end === 'killed' ? 'SIGKILL' : 0, output);
    const [, announced, pid] = /^klock: started a server at (\S+) \(PID \d+\)\n(\d+)\n$/.exec(output) ?? assert.fail(output);
    assert.equal(announced, baseUrl);
    await until(() => !isRunning(Number(pid)));
    const store = new KlockClient({ storage });
    assert.equal(store.activeLeaseCount(), 1); // what was granted outlives the server, on a store that does
    store.close();
  }
});

test('where it is not wanted none is started', async () => {
  process.env.KLOCK_DISABLE_AUTOSTART = '1';
  const client = await newClient();
  assert.deepEqual([client.autoStart, client.autoStartDisabledByEnv], [false, true]);
  await assert.rejects(client.listLeases(), { name: 'KlockConnectionError', message: /could not be asked/ });
  assert.equal(client.autoStartAttempted, false);
  delete process.env.KLOCK_DISABLE_AUTOSTART;
  assert.equal(new KlockHttpClient({ baseUrl: 'http://192.0.2.1:3100' }).autoStart, false);
  assert.equal(new KlockHttpClient({ baseUrl: 'https://localhost:3100' }).autoStart, false);
  const taken = await newClient({ baseUrl: await otherServer((_, response) => response.end('<html>')) });
  await assert.rejects(taken.listLeases(), /no answer of Klock/);
  assert.equal(taken.autoStartAttempted, false);
});

test('the words that turn it off', async () => {
  const values = { 1: true, true: true, Yes: true, ' on ': true, 0: false, '': false, false: false, off: false, no: false };
  for (const [value, isOff] of Object.entries(values)) {
    process.env.KLOCK_DISABLE_AUTOSTART = value;
    const client = await newClient();
    assert.deepEqual([client.autoStartDisabledByEnv, client.autoStart], [isOff, !isOff], value);
  }
});

test('a command that fails, hangs, or is none', async () => {
  const cases = [
    [['/klock-no-such-program'], /ENOENT/],
    [['/bin/sh', '-c', 'echo out of luck >&2; exit 3'], /ended with 3.*out of luck/],
    [['/bin/sh', '-c', 'sleep 60'], /not ready within 3000 ms/],
    [[program, '--no-such-flag'], /no-such-flag/],
  ];
  for (const [serverCommand, message] of cases) {
    const client = await newClient({ serverCommand, startupTimeoutMs: 3000 });
    await assert.rejects(client.listLeases(), { name: 'KlockConnectionError', message });
  }
  for (const serverCommand of ['klock', [], [7]]) {
    await assert.rejects((await newClient({ serverCommand })).listLeases(), { code: 'INVALID_REQUEST', message: /serverCommand/ });
  }
});

test('a server that was ended is started again', async () => {
  const client = await newClient({ serverCommand: [path.join(folderWithKlock(), 'klock'), 'serve'] });
  await client.listLeases();
  const first = client.autoStartedPid;
  await client.shutdown();
  await client.listLeases();
  assert.notEqual(client.autoStartedPid, first);
});

test('one that died is started again, once for all who ask', async () => {
  const serverCommand = [path.join(folderWithKlock(), 'klock'), 'serve'];
  const client = await newClient({ serverCommand });
  for (let round = 0; round < 3; round++) {
    await client.listLeases();
    const pid = client.autoStartedPid;
    process.kill(pid, 'SIGKILL');
    await until(() => !isRunning(pid));
    await until(() => client.autoStartedPid === null); // a dead one is none
    await Promise.all(Array.from({ length: 5 }, () => client.listLeases()));
    assert.ok(isRunning(client.autoStartedPid));
    assert.notEqual(client.autoStartedPid, pid);
  }
  process.kill(client.autoStartedPid, 'SIGKILL'); // in the middle of a wait, too
  const lease = await client.acquire({ ...wanted('a'), waitMs: 20_000 });
  assert.equal(lease.success, true);
});

test('somebody else\'s server that restarts is not replaced by one that nobody asked for', async () => {
  const port = new URL(await freeAddress()).port;
  const first = await startServer({}, ['--port', port]);
  const client = await newClient({ baseUrl: first.baseUrl, serverCommand: ['/klock-no-such-program'] });
  await client.listLeases();
  await first.end();
  const asked = [client.listLeases(), client.acquire({ ...wanted('a'), waitMs: 20_000 })];
  await sleep(500);
  const second = await startServer({}, ['--port', port]);
  assert.deepEqual((await asked[0]).length <= 1, true);
  assert.equal((await asked[1]).success, true);
  assert.equal(client.autoStartAttempted, false);
  await second.end();
  await assert.rejects(client.listLeases(), /klock-no-such-program/); // it is gone for good, it seems
});

test('a port that the command says is not said twice', async () => {
  const klock = path.join(folderWithKlock(), 'klock');
  for (const said of [['--port', 'N'], ['--port=N']]) {
    const baseUrl = await freeAddress();
    const port = said.map((word) => word.replace('N', new URL(baseUrl).port));
    assert.deepEqual(await (await newClient({ baseUrl, serverCommand: [klock, 'serve', ...port] })).listLeases(), []);
    process.env.KLOCK_SERVER_COMMAND = `'${klock}' serve ${port.join(' ').replace('=', '="')}${said[0].includes('=') ? '"' : ''}`;
    await started.at(-1).shutdown();
    assert.deepEqual(await (await newClient({ baseUrl })).listLeases(), [], process.env.KLOCK_SERVER_COMMAND);
    delete process.env.KLOCK_SERVER_COMMAND;
    await started.at(-1).shutdown();
  }
});

test('an empty key is none, for the server that is started too', async () => {
  const serverCommand = [path.join(folderWithKlock(), 'klock'), 'serve'];
  process.env.KLOCK_API_KEY = '';
  assert.deepEqual(await (await newClient({ serverCommand })).listLeases(), []);
  process.env.KLOCK_API_KEY = 'a-secret-of-the-test-0123456789';
  const withoutKey = await newClient({ serverCommand, apiKey: '' });
  assert.deepEqual(await withoutKey.listLeases(), []);
  assert.deepEqual(await new KlockHttpClient({ baseUrl: withoutKey.baseUrl, apiKey: '' }).listLeases(), []);
  const withKey = await newClient({ serverCommand });
  assert.deepEqual(await withKey.listLeases(), []);
  await assert.rejects(new KlockHttpClient({ baseUrl: withKey.baseUrl, apiKey: '' }).listLeases(), { code: 'UNAUTHORIZED' });
});

for (const [by, options] of [['PATH', {}], ['a command', { serverCommand: ['klock', 'serve'] }]]) {
  test(`one that is started by ${by} serves the store of the repository, where the command line excludes it`, async () => {
    const folder = temporaryFolder();
    execFileSync('git', ['init', '-q', folder]);
    const text = `import { Klock } from '@klock-protocol/core';
      import { spawnSync } from 'node:child_process';
      process.chdir(process.argv[3]);
      const options = ${JSON.stringify(options)};
      const klock = Klock.local({ baseUrl: process.argv[2], startupTimeoutMs: 20000, ...options });
      await klock.withFile('a.ts', () => console.log(spawnSync('klock', ['acquire', '--agent', 'cli', '--file', 'a.ts']).status));
      console.log(spawnSync('klock', ['acquire', '--agent', 'cli', '--file', 'a.ts']).status);
      await klock.close();
      await klock.client.shutdown();`;
    const env = { ...process.env, PATH: `${path.dirname(program)}${path.delimiter}${process.env.PATH}`, XDG_STATE_HOME: folder };
    delete env.KLOCK_STORAGE;
    const { code, output } = await runText(text, [await freeAddress(), folder], [], { env });
    assert.equal(code, 0, output);
    assert.match(output, /^klock: started a server at \S+ \(PID \d+\)\n11\n0\n$/);
  });
}

test('one that is started has the client\'s key, and listens to this machine alone', async () => {
  const apiKey = 'a-secret-of-the-test-0123456789';
  process.env.PATH = '';
  const client = await newClient({ apiKey });
  assert.deepEqual(await client.listLeases(), []);
  const other = new KlockHttpClient({ baseUrl: client.baseUrl, apiKey: 'wrong' });
  await assert.rejects(other.listLeases(), { code: 'UNAUTHORIZED' });
});

test('one that listens is used', async () => {
  const server = await startServer();
  const client = await newClient({ baseUrl: server.baseUrl });
  await client.listLeases();
  assert.equal(client.autoStartAttempted, false);
  await server.end();
});
