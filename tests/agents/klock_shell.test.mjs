// Shell commands under Klock's hooks: what their text says that they write is leased; what they overwrite besides can be brought back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe } from 'node:test';
import { claude, codex, gemini, opencode } from './clients/all.mjs';
import { assertHeard, editOf, heard, holder, klockTest, leases, until, waiters } from './klock.mjs';

const KNOWN = ['echo x > a.txt', 'sed -i s/one/x/ a.txt', 'git checkout .'];
const UNKNOWN = `python3 -c "open('a.txt', 'w').write('x')"`;

/** The command that the model was told, with which lost content comes back; undefined where none was. */
const restoreIn = (text) => /comes back with: (git cat-file blob \S+ \| tee '[^']+')/.exec(text)?.[1];

function shell(client) {
  klockTest(client, 'a command that says what it writes is blocked, or waits', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const turns = KNOWN.map((command) => ({ calls: [tools.shell(command)] }));
    const refused = await world.run(client, { turns: [...turns, { text: 'Then not.' }], environment: { KLOCK_WAIT: '0s' } });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    const results = refused.model.results.map(({ text }) => text);
    assert.equal(results.length, KNOWN.length);
    for (const text of results) assert.match(text, /Klock: .* in use by somebody/);

    const waiting = await world.start(client, { turns: [turns[0], { text: 'Done.' }] });
    await until('the command waits', () => waiters(world), waiting);
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    await other.release();
    await waiting.finished();
    assert.equal(world.read('a.txt'), 'x\n');
  });

  klockTest(client, 'what a command overwrites unseen comes back, and both agents hear of it', async (world, tools) => {
    const victim = await world.start(client, {
      turns: [
        ...editOf(tools), async () => {
          world.signal('edited');
          await world.signalled('overwritten');
          return { calls: [tools.shell('ls b.txt')] };
        },
        { text: 'I see.' },
      ],
    });
    await Promise.race([world.signalled('edited'), victim.ended]);
    const turns = [{ calls: [tools.shell(UNKNOWN)] }, { calls: [tools.shell('ls')] }, { text: 'Done.' }];
    const culprit = await world.run(client, { turns });
    assert.equal(world.read('a.txt'), 'x');
    world.signal('overwritten');
    await victim.finished();
    assertHeard(culprit, new RegExp(`your command changed a\\.txt, which ${client.name}:`));
    assertHeard(victim, new RegExp(`a shell command of ${client.name}:\\S+ changed a\\.txt after you last worked on it`));
    for (const agent of [culprit, victim]) {
      world.git('checkout', '-q', '--', 'a.txt');
      execFileSync('sh', ['-c', restoreIn(heard(agent))], { cwd: world.repo, env: world.environment });
      assert.equal(world.read('a.txt'), 'one\nTWO\n');
    }
    assert.deepEqual(await leases(world), []);
  });
}

describe('shell', { concurrency: 2 }, () => {
  for (const client of [opencode, claude, codex, gemini]) describe(client.name, { concurrency: 1 }, () => shell(client));
});
