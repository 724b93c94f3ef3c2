// Where two meet under Klock's hooks: two installations, other people's hooks, odd file names, a work tree made in between.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { claude, codex, copilot } from './clients/all.mjs';
import { put } from './clients/writing.mjs';
import { assertHeard, editOf, heard, holder, installKlock, klockTest, leases } from './klock.mjs';

// One edit that is made, and one that another agent's lease is in the way of.
async function oneOfTwo(world, client, tools, script) {
  const other = await holder(world, 'b.txt');
  let held;
  const agent = await world.run(client, {
    environment: { KLOCK_WAIT: '1s' },
    turns: [
      ...editOf(tools, 'a.txt'), async () => {
        held = await leases(world);
        return editOf(tools, 'b.txt')[0];
      },
      editOf(tools, 'b.txt')[1], { text: 'Done.' },
    ],
    ...script,
  });
  assert.deepEqual([world.read('a.txt'), world.read('b.txt')], ['one\nTWO\n', 'one\ntwo\n']);
  assert.equal(held.filter(({ resource }) => resource === 'FILE:a.txt').length, 1);
  assertHeard(agent, /Klock: b\.txt is in use by somebody/);
  assert.deepEqual((await leases(world)).map(({ agent_id }) => agent_id), ['somebody']);
  await other.release();
}

function installedTwice(client) {
  klockTest(client, 'installed for the project and for the user, it acts once', async (world, tools) => {
    installKlock(world, client, { options: ['--user'], home: world.home('both') });
    await oneOfTwo(world, client, tools, { home: 'both' });
  });
}

function installations() {
  [claude, codex].forEach(installedTwice);

  klockTest(copilot, "it loads Claude Code's hooks too, and acts once", async (world, tools) => {
    installKlock(world, claude);
    await oneOfTwo(world, copilot, tools);
  });

  klockTest(claude, 'an edit that another hook denies leaves nobody waiting', async (world, tools) => {
    const hook = { type: 'command', command: 'sleep 1; echo not today >&2; exit 2' };
    const hooks = { PreToolUse: [{ matcher: 'Edit', hooks: [hook] }] };
    put(world.repo, { '.claude/settings.local.json': JSON.stringify({ hooks }) });
    const environment = { KLOCK_IDLE: '600s' };
    const first = await world.start(claude, {
      environment,
      turns: [...editOf(tools), async () => {
        world.signal('denied');
        await world.signalled('made');
        return { text: 'Then not.' };
      }],
    });
    await Promise.race([world.signalled('denied'), first.ended]);
    assert.match(heard(first), /not today/);
    fs.rmSync(path.join(world.repo, '.claude/settings.local.json'));
    await world.run(claude, { environment: { KLOCK_WAIT: '0s' }, turns: [...editOf(tools), { text: 'Done.' }] });
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
    world.signal('made');
    await first.finished();
    assert.deepEqual(await leases(world), []);
  });
}

function places() {
  klockTest(claude, 'files with odd names, in a new folder and outside of the repository', async (world, { write, shell }) => {
    const names = ['with space.txt', 'a#b.txt', '[id].txt', "it's.txt", 'new/deep/c.txt', '../outside.txt'];
    let held;
    const agent = await world.run(claude, {
      environment: { KLOCK_IDLE: '600s' },
      arguments: ['--add-dir', world.folder],
      turns: [
        ...names.map((name) => ({ calls: [write(name, 'new\n')] })),
        { calls: [shell('rm a.txt')] }, async () => {
          held = (await leases(world)).map(({ resource }) => resource).sort();
          return { text: 'Done.' };
        },
      ],
    });
    for (const name of names) assert.equal(world.read(name), 'new\n', heard(agent));
    assert.ok(!fs.existsSync(path.join(world.repo, 'a.txt')));
    const expected = [...names.filter((name) => !name.startsWith('..')), 'a.txt'].map((name) => `FILE:${name}`).sort();
    assert.deepEqual(held, expected);
    assert.deepEqual(await leases(world), []);
  });

  klockTest(codex, 'a link is the file that it leads to', async (world, { edit }) => {
    fs.symlinkSync('b.txt', path.join(world.repo, 'link.txt'));
    const other = await holder(world, 'b.txt');
    const turns = [{ calls: [edit('link.txt', 'two', 'TWO')] }, { text: 'Then not.' }];
    const agent = await world.run(codex, { environment: { KLOCK_WAIT: '0s' }, turns });
    assertHeard(agent, /Klock: .* in use by somebody/);
    assert.equal(world.read('b.txt'), 'one\ntwo\n');
    await other.release();
  });

  klockTest(claude, 'a work tree made in between shares the names of the others', async (world, { shell, read, edit }) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(claude, {
      environment: { KLOCK_WAIT: '0s' },
      turns: [
        { calls: [shell('git worktree add -q ../tree')] }, { calls: [read('../tree/a.txt')] },
        { calls: [edit('../tree/a.txt', 'two', 'TWO')] }, { calls: [read('../tree/b.txt')] },
        { calls: [edit('../tree/b.txt', 'two', 'TWO')] }, { text: 'Done.' },
      ],
      arguments: ['--add-dir', world.folder],
    });
    assertHeard(agent, /Klock: .*a\.txt is in use by somebody/);
    assert.deepEqual([world.read('../tree/a.txt'), world.read('../tree/b.txt')], ['one\ntwo\n', 'one\nTWO\n']);
    await other.release();
    assert.deepEqual(await leases(world), []);
  });
}

// One id, one agent: also of a session that goes on later, and not of one that branches off.
function sessions() {
  const session = '8a4f6a52-7d35-4f0e-9d0c-9a1c2b3d4e5f';
  klockTest(claude, 'a resumed session is the same agent, a fork of it another one', async (world, tools) => {
    const home = 'one';
    await world.run(claude, { home, arguments: ['--session-id', session], turns: [...editOf(tools, 'b.txt'), { text: 'Done.' }] });
    assert.deepEqual(await leases(world), []);
    const resumed = await world.start(claude, {
      home, arguments: ['--resume', session], environment: { KLOCK_WAIT: '0s', KLOCK_IDLE: '600s' },
      turns: [...editOf(tools, 'a.txt', 'two', 'resumed'), async () => {
        world.signal('edited');
        await world.signalled('forked');
        return { text: 'Done.' };
      }],
    });
    await Promise.race([world.signalled('edited'), resumed.ended]);
    assert.deepEqual((await leases(world)).map(({ agent_id }) => agent_id), [`claude:${session}`], heard(resumed));
    const forked = await world.start(claude, {
      home, arguments: ['--resume', session, '--fork-session'], environment: { KLOCK_WAIT: '0s', KLOCK_IDLE: '600s' },
      turns: [...editOf(tools, 'a.txt', 'one', 'forked'), async () => {
        world.signal('also');
        await world.signalled('forked');
        return { text: 'Done.' };
      }],
    });
    await Promise.race([world.signalled('also'), forked.ended]);
    // The window of the first was idle, so the fork got the file: as an agent of its own.
    const [{ agent_id: other }] = await leases(world);
    assert.match(other, /^claude:/);
    assert.notEqual(other, `claude:${session}`);
    world.signal('forked');
    await Promise.all([resumed.finished(), forked.finished()]);
    assert.equal(world.read('a.txt'), 'forked\nresumed\n');
    assert.deepEqual(await leases(world), []);
  });
}

describe('pairs', { concurrency: 2 }, () => {
  describe('installations', { concurrency: 1 }, installations);
  describe('places', { concurrency: 1 }, places);
  describe('sessions', { concurrency: 1 }, sessions);
});
