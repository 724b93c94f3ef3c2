// Klock for one agent: one file, several, other things, renames; their names, and where its store is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { Klock, KlockClient, KlockConflictError, KlockHttpClient } from '@klock-protocol/core';
import { startServer } from './server.mjs';
import { onEachStore, runText, temporaryFolder, top, wanted } from './support.mjs';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

const resources = (client) => client.listLeases().map((lease) => `${lease.predicate} ${lease.resource}`).sort();

onEachStore('several files are held, all or none', async (client) => {
  const klock = new Klock(client, { agentId: 'a' });
  const result = await klock.withFiles(['/x/../b.ts', '/a.ts'], { note: 'why' }, (guard) => {
    assert.deepEqual(resources(client), ['MUTATES FILE:/a.ts', 'MUTATES FILE:/b.ts']);
    assert.deepEqual(guard.leases.map((lease) => lease.resource), ['FILE:/b.ts', 'FILE:/a.ts']);
    assert.deepEqual([guard.leaseId, guard.fencingToken], [guard.leases[0].leaseId, guard.leases[0].fencingToken]);
    return 7;
  });
  assert.deepEqual([result, client.activeLeaseCount()], [7, 0]);
  client.acquire(wanted('holder', '/a.ts'));
  await assert.rejects(klock.files(['/b.ts', '/a.ts'], { maxRetries: 0 }), (error) => {
    assert.ok(error instanceof KlockConflictError);
    assert.deepEqual([error.resourcePath, error.conflicts.map((each) => each.agentId)], ['/b.ts, /a.ts', ['holder']]);
    return true;
  });
  assert.deepEqual(resources(client), ['MUTATES FILE:/a.ts']);
});

onEachStore('of several, one that is lost is the loss of all', async (client) => {
  const guard = await new Klock(client).files(['/a', '/b', '/c']);
  client.revokeLease(guard.leases[1].leaseId);
  await assert.rejects(guard.release(), { name: 'KlockLeaseLostError', code: 'UNKNOWN_LEASE', message: /FILE:\/a, FILE:\/b, FILE:\/c/ });
  assert.equal(client.activeLeaseCount(), 0);
});

onEachStore('anything that has a name, and renames', async (client) => {
  const klock = new Klock(client);
  await klock.withResource('CUSTOM', 'deploy:staging', () => assert.deepEqual(resources(client), ['MUTATES CUSTOM:deploy:staging']));
  const has = (...expected) => () => assert.deepEqual(resources(client), expected);
  await klock.withResource('DATABASE_TABLE', 'users', { mode: 'read' }, has('CONSUMES DATABASE_TABLE:users'));
  await klock.withRename('/x/../old.ts', '/new.ts', has('PROVIDES FILE:/new.ts', 'RENAMES FILE:/old.ts'));
  const guards = [await klock.resource('CUSTOM', 'gpu:0'), await klock.rename('/a', '/b', { note: 'why' })];
  assert.equal(client.activeLeaseCount(), 3);
  for (const guard of guards) await guard.release();
  assert.equal(client.activeLeaseCount(), 0);
});

onEachStore('symbols are called alike however they are written', async (client) => {
  const klock = new Klock(client);
  const folder = fs.realpathSync(temporaryFolder());
  fs.mkdirSync(`${folder}/d#1`);
  for (const file of ['a.erl', 'd#1/a.erl']) fs.writeFileSync(`${folder}/${file}`, '');
  const names = {
    [`${folder}/x/../a.ts#login`]: `SYMBOL:${folder}/a.ts#login`,
    [`${folder}/a.erl#f/1`]: `SYMBOL:${folder}/a.erl#f%2F1`,
    [`${folder}/a.erl#m:f/1/2`]: `SYMBOL:${folder}/a.erl#m:f%2F1%2F2`,
    [`${folder}/d#1/a.erl#f/1`]: `SYMBOL:${folder}/d#1/a.erl#f%2F1`,
    [`${folder}/c#/a.cs#x`]: `SYMBOL:${folder}/c#/a.cs#x`,
    'flat-name': 'SYMBOL:flat-name',
  };
  for (const [name, resource] of Object.entries(names)) {
    await klock.withResource('symbol', name, (guard) => assert.equal(guard.lease.resource, resource));
  }
  for (const nothing of ['d#1/a.erl', 'new.erl#f/1']) {
    await assert.rejects(klock.resource('SYMBOL', `${folder}/${nothing}`), { code: 'INVALID_REQUEST' });
  }
  await klock.withResource('SYMBOL', `${folder}/a.erl#f/1`, async () => {
    await assert.rejects(new Klock(client).file(`${folder}/a.erl`, { maxRetries: 0 }), KlockConflictError);
  });
});

onEachStore('what is wrong', async (client) => {
  const klock = new Klock(client);
  const work = () => assert.fail('granted');
  const wrong = [() => klock.withFiles([], work), () => klock.withFiles('/a', work), () => klock.withFiles(['/a', 7], work),
    () => klock.withResource('FOLDER', 'x', work), () => klock.withResource('CUSTOM', '', work),
    () => klock.withResource('CUSTOM', 'x', {}, 7),
    () => klock.withRename('/a', '/b', { mode: 'read' }, work), () => klock.withRename('/a', undefined, work),
    () => klock.files(['/a'], { signal: 'stop' })];
  for (const call of wrong) await assert.rejects(call(), { name: 'KlockError', code: 'INVALID_REQUEST' }, String(call));
  assert.equal(client.activeLeaseCount(), 0);
});

test('a server or a socket that the environment names is where the facade works', async () => {
  const folder = temporaryFolder();
  const socket = path.join(folder, 'klock.sock');
  const server = await startServer({}, ['--port', '0', '--socket', socket]);
  const operator = new KlockHttpClient({ baseUrl: server.baseUrl, autoStart: false });
  for (const [variable, value] of [['KLOCK_SERVER', server.baseUrl], ['KLOCK_SOCKET', socket]]) {
    process.env[variable] = value;
    for (const open of [() => Klock.embedded({ agentId: 'a' }), () => Klock.local({ agentId: 'a' })]) {
      const klock = open();
      assert.ok(klock.client instanceof KlockHttpClient);
      assert.equal(klock.client.autoStart && variable === 'KLOCK_SOCKET', false);
      await klock.withFile('/env', async () => assert.equal((await operator.listLeases({ resource: 'FILE:/env' })).length, 1));
      await klock.close();
    }
    const said = Klock.embedded({ storage: 'memory' }); // what is said goes before
    assert.ok(said.client instanceof KlockClient);
    await said.close();
    delete process.env[variable];
  }
  process.env.KLOCK_SERVER = server.baseUrl;
  const elsewhere = Klock.local({ baseUrl: 'http://127.0.0.1:9' });
  assert.equal(elsewhere.client.baseUrl, 'http://127.0.0.1:9');
  assert.equal(new KlockHttpClient().baseUrl, 'http://localhost:3100');
  await server.end();
});

test('a working directory that was removed keeps nobody from letting go, nor from what is named in full', async () => {
  const text = `import fs from 'node:fs'; import path from 'node:path';
    import { Klock, KlockClient } from '@klock-protocol/core';
    const file = process.argv[2];
    process.chdir(fs.mkdtempSync(path.join(path.dirname(file), 'gone-')));
    const klock = new Klock(new KlockClient({ storage: 'sqlite:' + file }));
    const guard = await klock.file('a.ts');
    fs.rmdirSync(process.cwd());
    await guard.check();
    await guard.release();
    await klock.withFile('/full/name.ts', () => {});
    await klock.withResource('CUSTOM', 'x', () => {});
    const other = new KlockClient({ storage: 'sqlite:' + file });
    other.acquire({ agentId: 'a', sessionId: 's', resourceType: 'FILE', resourcePath: 'rel.ts', predicate: 'MUTATES', ttl: 9 });
    for (const wrong of [() => klock.file('relative.ts'), async () => new KlockClient({ storage: 'sqlite:relative.db' })]) {
      await wrong().then(() => console.log('done'), (error) => console.log(error.name, error.code));
    }
    await klock.close();
    console.log('ended');`;
  const { code, output } = await runText(text, [path.join(temporaryFolder(), 'klock.db')]);
  assert.match(output, /^KlockError (?:INVALID_REQUEST|STORAGE_UNAVAILABLE)\nKlockError (?:INVALID_REQUEST|STORAGE_UNAVAILABLE)\nended\n$/);
  assert.equal(code, 0);
});

test('auto is the store that the command line uses in the same repository, from any of its folders and work trees', async () => {
  const folder = fs.realpathSync(temporaryFolder());
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  const git = (...command) => execFileSync('git', [...who, ...command], { cwd: path.join(folder, 'repo') });
  fs.mkdirSync(path.join(folder, 'repo', 'src'), { recursive: true });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('worktree', 'add', '-q', path.join(folder, 'tree'));
  const klock = path.join(top, 'dist', 'bin', 'klock');
  const holds = `import { Klock } from '@klock-protocol/core';
    import { execFileSync, spawnSync } from 'node:child_process';
    process.chdir(process.argv[2]);
    const klock = Klock.embedded({ agentId: 'node' });
    await klock.withFile('a.ts', () => {
      console.log(JSON.parse(execFileSync('${klock}', ['leases', '--json'])).data.map((lease) => lease.resource).join());
      console.log(spawnSync('${klock}', ['acquire', '--agent', 'cli', '--file', 'a.ts']).status);
    });
    await klock.close();`;
  const env = { ...process.env, XDG_STATE_HOME: folder };
  for (const [place, name] of [['repo', 'a.ts'], ['repo/src', 'src/a.ts'], ['tree', 'a.ts']]) {
    const { code, output } = await runText(holds, [path.join(folder, place)], [], { env });
    assert.deepEqual([code, output], [0, `FILE:${name}\n11\n`], place);
  }
});
