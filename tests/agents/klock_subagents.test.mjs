// Subagents under Klock's hooks: each has leases of its own, so a parent and its child, and two children, exclude each other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { claude, codexInCodeMode, copilot, gemini, opencode, qwen } from './clients/all.mjs';
import { editOf, klockTest, leases, until, waiters } from './klock.mjs';

const FILE = 'FILE:a.txt';

// A command that writes a.txt by its text, and goes on until the test lets it.
const HOLDS = 'echo first >> a.txt; while [ ! -e go ]; do sleep 0.1; done';

// What a parent says while its children are at work, as often as it is asked.
const said = [{ text: 'At work.' }, { text: 'One is done.' }, { text: 'All is done.' }];

function children(client) {
  klockTest(client, 'two subagents exclude each other, and a parent that was idle neither', async (world, tools) => {
    const agent = await world.start(client, {
      environment: { KLOCK_IDLE: '600s' },
      turns: [...editOf(tools), ...tools.delegate('FIRST PART', 'SECOND PART'), ...said],
      subagents: {
        'FIRST PART': [{ calls: [tools.shell(HOLDS)] }, tools.finish('done')],
        'SECOND PART': [
          async () => {
            await until('the first works', () => fs.existsSync(path.join(world.repo, 'a.txt')) && world.read('a.txt').includes('first'));
            return editOf(tools, 'a.txt', 'one', 'second')[0];
          },
          editOf(tools, 'a.txt', 'one', 'second')[1], tools.finish('done'),
        ],
      },
    });
    const [waiting] = await until('a subagent waits', () => waiters(world), agent);
    const [holding] = (await leases(world)).filter(({ resource }) => resource === FILE);
    for (const { agent_id: id } of [waiting, holding]) assert.match(id, new RegExp(`^${client.name}:[^/]+/[^/]+$`));
    assert.notEqual(waiting.agent_id, holding.agent_id);
    assert.equal(waiting.agent_id.split('/')[0], holding.agent_id.split('/')[0]);
    assert.equal(world.read('a.txt'), 'one\nTWO\nfirst\n');
    fs.writeFileSync(path.join(world.repo, 'go'), '');
    await agent.finished();
    assert.equal(world.read('a.txt'), 'second\nTWO\nfirst\n');
    assert.deepEqual(await leases(world), []);
  });
}

// Where subagents run in the background, so that their parent can work at the same time.
function parent(client, delegate) {
  klockTest(client, 'a parent waits for its subagent', async (world, tools) => {
    const agent = await world.start(client, {
      turns: [
        delegate(tools)[0], async () => {
          await until('the subagent works', () => world.read('a.txt').includes('first'));
          return editOf(tools, 'a.txt', 'one', 'parent')[0];
        },
        editOf(tools, 'a.txt', 'one', 'parent')[1], ...said,
      ],
      subagents: { 'THE PART': [{ calls: [tools.shell(HOLDS)] }, tools.finish('done')] },
    });
    const [waiting] = await until('the parent waits', () => waiters(world), agent);
    const [holding] = (await leases(world)).filter(({ resource }) => resource === FILE);
    assert.equal(holding.agent_id.split('/')[0], waiting.agent_id);
    fs.writeFileSync(path.join(world.repo, 'go'), '');
    await agent.finished();
    assert.equal(world.read('a.txt'), 'parent\ntwo\nfirst\n');
    assert.deepEqual(await leases(world), []);
  });
}

// It does not tell them apart: they must not wait for their own session.
function sharing(client) {
  klockTest(client, 'a subagent goes on with the leases of its session', async (world, tools) => {
    await world.run(client, {
      environment: { KLOCK_IDLE: '600s', KLOCK_WAIT: '0s' },
      turns: [...editOf(tools), ...tools.delegate('THE PART'), { text: 'Done.' }],
      subagents: { 'THE PART': [...editOf(tools, 'a.txt', 'one', 'second'), tools.finish('done')] },
    });
    assert.equal(world.read('a.txt'), 'second\nTWO\n');
    assert.deepEqual(await leases(world), []);
  });
}

describe('subagents', { concurrency: 2 }, () => {
  describe('of each other', { concurrency: 1 }, () => [opencode, claude, codexInCodeMode, qwen, copilot].forEach(children));
  describe('of their parent', { concurrency: 1 }, () => {
    [claude, qwen, codexInCodeMode].forEach((client) => parent(client, ({ delegate }) => delegate('THE PART')));
    sharing(gemini);
  });
});
