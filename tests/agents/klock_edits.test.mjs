// Edits under Klock's hooks in the real clients: leased, waiting, refused; no write on stale content, no waiting for who is idle.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { claude, clients, codex, gemini, opencode, pi } from './clients/all.mjs';
import { assertHeard, editOf, heard, holder, klockTest, leases, until, waiters } from './klock.mjs';

// Claude Code refuses such a write itself, before any hook.
const OWN_GUARD = { claude: /modified since read/ };

function edits(client) {
  klockTest(client, 'an edit is leased, the next waits in its hook for another agent, all is let go at the end', async (world, tools) => {
    const other = await holder(world, 'b.txt');
    let held;
    const agent = await world.start(client, {
      turns: [
        ...editOf(tools, 'a.txt'), async () => {
          held = await leases(world);
          return editOf(tools, 'b.txt')[0];
        },
        editOf(tools, 'b.txt')[1], { text: 'Done.' },
      ],
    });
    const [waiting] = await until('an edit waits', () => waiters(world), agent);
    const own = held.find(({ resource }) => resource === 'FILE:a.txt');
    assert.match(own.agent_id, new RegExp(`^${client.name}:`));
    assert.equal(waiting.agent_id, own.agent_id);
    assert.deepEqual([world.read('a.txt'), world.read('b.txt')], ['one\nTWO\n', 'one\ntwo\n']);
    await other.release();
    await agent.finished();
    assert.equal(world.read('b.txt'), 'one\nTWO\n');
    assert.deepEqual(await leases(world), []);
  });

  klockTest(client, 'an edit whose time is up is blocked, and the model hears who is in the way and what to do', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(client, { turns: [...editOf(tools), { text: 'Then not.' }], environment: { KLOCK_WAIT: '1s' } });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assertHeard(agent, /Klock: a\.txt is in use by somebody.*nothing was changed.*Do other work first/s);
    assert.deepEqual((await leases(world)).map(({ agent_id }) => agent_id), ['somebody']);
    await other.release();
  });
}

// Two sessions of a client. The first has idle windows that last, the second does not wait: so nothing here depends on time.
function twoSessions(client) {
  klockTest(client, 'who is idle makes nobody wait; what another wrote meanwhile is not written over', async (world, tools) => {
    const { read, write } = tools;
    const first = await world.start(client, {
      environment: { KLOCK_IDLE: '600s', KLOCK_WAIT: '1s' },
      turns: [
        ...editOf(tools, 'a.txt'), async () => {
          world.signal('idle');
          await world.signalled('written');
          return { calls: [write('a.txt', 'first\n')] };
        },
        { calls: [read('a.txt')] },
        ({ results }) => ({ calls: [write('a.txt', `${client.textOfRead(results.at(-1)).trimEnd()}\nfirst\n`)] }),
        { text: 'Done.' },
      ],
    });
    await Promise.race([world.signalled('idle'), first.ended]);
    assert.equal((await leases(world)).length, 1, heard(first));
    const second = [...editOf(tools, 'a.txt', 'one', 'second'), { text: 'Done.' }];
    await world.run(client, { environment: { KLOCK_WAIT: '0s' }, turns: second });
    assert.equal(world.read('a.txt'), 'second\nTWO\n');
    world.signal('written');
    await first.finished();
    const guard = OWN_GUARD[client.name];
    assertHeard(first, guard ?? /Klock: a\.txt was changed by .* after you last read it.*Read the file again/s);
    assert.equal(world.read('a.txt'), 'second\nTWO\nfirst\n');
    assert.deepEqual(await leases(world), []);
  });
}

describe('edits', { concurrency: 2 }, () => {
  for (const client of clients) describe(client.name, { concurrency: 1 }, () => edits(client));
  describe('two sessions', { concurrency: 1 }, () => [opencode, claude, codex, gemini, pi].forEach(twoSessions));
});
