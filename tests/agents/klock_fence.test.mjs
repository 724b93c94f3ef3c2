// With shell = "fence" a command cannot write what others hold, whatever its text says or does not say.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { claude, codex, gemini, opencode } from './clients/all.mjs';
import { editOf, heard, holder, klockTest, leases } from './klock.mjs';

const environment = { KLOCK_SHELL: 'fence' };
const write = (file) => `python3 -c "open('${file}', 'w').write('x')" && echo "it's written"`;

function fence(client) {
  klockTest(client, 'a command writes its own files, and not those of another agent', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(client, {
      environment,
      turns: [
        { calls: [tools.shell(write('a.txt'))] }, { calls: [tools.shell(write('b.txt'))] }, ...editOf(tools, 'b.txt', 'x', 'y'),
        { text: 'Done.' },
      ],
    });
    assert.equal(world.read('a.txt'), 'one\ntwo\n', heard(agent));
    assert.match(agent.model.results[0].text, /Read-only file system/);
    assert.match(agent.model.results[1].text, /it's written/);
    assert.equal(world.read('b.txt').trimEnd(), 'y');
    await other.release();
    assert.deepEqual(await leases(world), []);
  });
}

// A hook's reply that allows a tool would spare the user the question.
function permission() {
  klockTest(claude, 'a command that the user must be asked about is asked about all the same', async (world, tools) => {
    const other = await holder(world, 'a.txt');
    const agent = await world.run(claude, {
      environment, arguments: ['--settings', JSON.stringify({ permissions: { ask: ['Bash'] } })],
      turns: [{ calls: [tools.shell(write('b.txt'))] }, { text: 'Then not.' }],
    });
    assert.equal(world.read('b.txt'), 'one\ntwo\n', heard(agent)); // nobody is there to answer
    await other.release();
  });
}

describe('fence', { concurrency: 2 }, () => {
  for (const client of [claude, codex, gemini, opencode]) describe(client.name, { concurrency: 1 }, () => fence(client));
  describe('permission', { concurrency: 1 }, permission);
});
