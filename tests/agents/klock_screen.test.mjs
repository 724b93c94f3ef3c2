// What only a client with a screen has: an agent that was refused is woken when what it wanted is free, a person interrupts and clears.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { claude, claudeOnScreen } from './clients/all.mjs';
import { assertHeard, editOf, heard, holder, klockTest, leases, until } from './klock.mjs';

describe('screen', { concurrency: 2 }, () => {
  klockTest(claudeOnScreen, 'an agent that was refused is told when the file is free, though its turn is over', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.start(claudeOnScreen, {
      environment: { KLOCK_WAIT: '0s' },
      turns: [...editOf(tools), { text: 'Then not.' }, ...editOf(tools), { text: 'Done.' }],
    });
    await until('the model has stopped', () => agent.model.requests.length >= 3, agent);
    assertHeard(agent, /Klock: a\.txt is in use by somebody.*you will be told when it is free/s);
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assert.equal(agent.model.requests.length, 3, heard(agent));
    await other.release();
    await until('the edit is made', () => world.read('a.txt') === 'one\nTWO\n', agent);
    assertHeard(agent, /Klock: a\.txt is free now, and kept for you for a moment.*Read the file again/s);
  });

  klockTest(claudeOnScreen, 'an edit window that a person interrupted ends when the session is cleared', async (world, tools) => {
    const agent = await world.start(claudeOnScreen, {
      environment: { KLOCK_IDLE: '600s' },
      turns: [...editOf(tools), async () => {
        world.signal('thinking');
        await world.signalled('never');
      }],
    });
    await Promise.race([world.signalled('thinking'), agent.ended]);
    assert.equal((await leases(world)).length, 1, heard(agent));
    agent.type('\x1b');
    await sleep(1000); // nothing fires at an interrupt
    agent.type('/clear');
    await sleep(500); // typed as a person does: else the line feed is pasted text
    agent.type('\r');
    await until('the lease is over', async () => (await leases(world)).length === 0, agent);
  });

  klockTest(claude, 'a client that cannot be woken is not kept waiting', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(claude, { environment: { KLOCK_WAIT: '0s' }, turns: [...editOf(tools), { text: 'Then not.' }] });
    assert.ok(!heard(agent).includes('you will be told'), heard(agent));
    assert.deepEqual((await leases(world)).map(({ agent_id }) => agent_id), ['somebody']);
    await other.release();
  });
});
