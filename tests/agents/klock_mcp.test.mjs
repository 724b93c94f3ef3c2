// Real clients that have `klock mcp` and Klock's hooks: what a model claims its edits may change, and nobody else's.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe } from 'node:test';
import { claude, codex, copilot, gemini, opencode, qwen } from './clients/all.mjs';
import { put } from './clients/writing.mjs';
import { assertHeard, editOf, klock, klockTest, leases, until } from './klock.mjs';

const servers = { klock: { command: klock, args: ['mcp'] } };

/** How each client gets the server, and calls its tools. */
const ways = {
  claude: {
    install: (world) => put(world.repo, { '.mcp.json': JSON.stringify({ mcpServers: servers }) }),
    arguments: ['mcp__klock__klock_claim', 'mcp__klock__klock_release', 'mcp__klock__klock_status'], // more of --allowedTools
    call: (tool, input) => ({ name: `mcp__klock__klock_${tool}`, input }),
  },
  codex: {
    install: () => {},
    arguments: ['-c', `mcp_servers.klock.command=${JSON.stringify(klock)}`, '-c', 'mcp_servers.klock.args=["mcp"]'],
    call: (tool, input) => ({ name: `mcp__klock.klock_${tool}`, input }),
  },
  gemini: {
    install: (world) => add(world, '.gemini/settings.json', { mcpServers: servers }),
    call: (tool, input) => ({ name: `mcp_klock_klock_${tool}`, input }),
  },
  qwen: {
    install: (world) => add(world, '.qwen/settings.json', { mcpServers: servers }),
    call: (tool, input) => ({ name: `mcp__klock__klock_${tool}`, input }),
  },
  opencode: {
    install: (world) => {
      const mcp = { klock: { type: 'local', command: [klock, 'mcp'] } };
      put(world.repo, { 'opencode.json': JSON.stringify({ mcp }) });
    },
    call: (tool, input) => ({ name: `klock_klock_${tool}`, input }),
  },
  copilot: {
    install: () => {},
    arguments: ['--additional-mcp-config', JSON.stringify({ mcpServers: { klock: { type: 'local', ...servers.klock, tools: ['*'] } } })],
    call: (tool, input) => ({ name: `klock-klock_${tool}`, input }),
  },
};

// Beside the hooks that `klock install` has put into the same file.
function add(world, file, more) {
  put(world.repo, { [file]: JSON.stringify({ ...JSON.parse(fs.readFileSync(path.join(world.repo, file), 'utf8')), ...more }) });
}

function claims(client) {
  const way = ways[client.name];
  klockTest(client, 'claims files, edits them, and keeps another agent out until it is done', async (world, tools) => {
    way.install(world);
    const agent = await world.start(client, {
      arguments: way.arguments,
      turns: [
        { calls: [way.call('claim', { files: ['a.txt', 'b.txt'], note: 'the plan' })] }, ...editOf(tools), async () => {
          world.signal('edited');
          await world.signalled('refused');
          return { calls: [way.call('release', { all: true })] };
        },
        { text: 'Done.' },
      ],
    });
    await Promise.race([world.signalled('edited'), agent.ended]);
    assertHeard(agent, /Claimed for you: a\.txt, b\.txt/);
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
    const mine = (await leases(world)).filter(({ note }) => note === 'the plan');
    assert.deepEqual(mine.map(({ resource }) => resource).sort(), ['FILE:a.txt', 'FILE:b.txt']);
    assert.match(mine[0].agent_id, new RegExp(`^${client.name}:[^/:]+$`));
    const other = await world.run(client, { turns: [...editOf(tools, 'b.txt'), { text: 'No.' }], environment: { KLOCK_WAIT: '0s' } });
    assertHeard(other, /Klock: b\.txt is in use by .*the plan/);
    assert.equal(world.read('b.txt'), 'one\ntwo\n');
    world.signal('refused');
    await agent.finished();
    assertHeard(agent, /Released: a\.txt, b\.txt/);
    await until('nothing is held', async () => (await leases(world)).length === 0);
  });
}

describe('claims', { concurrency: 1 }, () => {
  [claude, codex, gemini, qwen, opencode, copilot].forEach(claims);

  klockTest(claude, 'a subagent claims for itself', async (world, tools) => {
    const way = ways.claude;
    way.install(world);
    let held;
    const agent = await world.start(claude, {
      arguments: way.arguments,
      turns: [...tools.delegate('THE PART'), { text: 'At work.' }, { text: 'One is done.' }, { text: 'All is done.' }],
      subagents: {
        'THE PART': [
          { calls: [way.call('claim', { files: [path.join(world.repo, 'a.txt')] })] }, async () => {
            held = await leases(world);
            return { calls: [way.call('status', {})] };
          },
          tools.finish('done'),
        ],
      },
    });
    await agent.finished();
    assert.deepEqual(held.map(({ resource }) => resource), ['FILE:a.txt']);
    assert.match(held[0].agent_id, /^claude:[^/]+\/[^/]+$/);
    assert.deepEqual(await leases(world), []);
  });
});
