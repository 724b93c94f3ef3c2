// The driver itself, and what Klock's hooks rely on in each client.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clients, codexInCodeMode } from './clients/all.mjs';
import { installHooks } from './hooked.mjs';
import { missing } from './install.mjs';
import { World } from './world.mjs';

const LIMIT = { timeout: 120_000 };
const REASON = 'a.txt is held by somebody else';

// What fires at the start, at a tool call that is made, at one that a hook denies, and at the end.
const ORDER = {
  claude: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse', 'PostToolBatch'],
    denied: ['PreToolUse', 'PostToolBatch'], end: ['Stop', 'SessionEnd'],
  },
  codex: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse'], end: ['Stop', 'SessionEnd'],
  },
  gemini: {
    begin: ['SessionStart', 'BeforeAgent'], made: ['BeforeTool', 'AfterTool'], denied: ['BeforeTool'], end: ['AfterAgent', 'SessionEnd'],
  },
  opencode: { begin: ['SessionCreated'], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse'], end: [] },
};

// opencode does not wait for its plugin's end of a turn: whether that or the end of the session is told first is chance.
const eventsOf = (world) => world.hooks.calls.map((call) => call.event).filter((event) => !/^(SessionIdle|Dispose)$/.test(event));

function clientTest(client, name, body) {
  test(`${client.title ?? client.name}: ${name}`, { ...LIMIT, skip: missing(client) ?? false }, async (t) => {
    const world = await World.of(t);
    installHooks(world, client);
    await body(world, world.tools(client));
  });
}

/** Whether a call is the hook that comes before an edit; reads have to be told apart. */
const isBefore = (client, call) => call.event === client.before && JSON.stringify(call.input.tool_input).includes('TWO');

// An edit as each client's model does it: opencode insists on a read before.
const editOf = ({ read, edit }) => [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }];

function everyClient(client) {
  clientTest(client, 'an edit that the hook allows is made', async (world, tools) => {
    const agent = await world.run(client, { turns: [...editOf(tools), { text: 'Done.' }] });
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
    assert.equal(agent.model.results.length, 2);
    const { begin, made, end } = ORDER[client.name];
    assert.deepEqual(eventsOf(world), [...begin, ...made, ...made, ...end]);
  });

  clientTest(client, 'an edit that the hook denies is not made, and the model hears why', async (world, tools) => {
    world.hooks.decide = (call) => (isBefore(client, call) ? { stdout: client.deny(REASON) } : undefined);
    const agent = await world.run(client, { turns: [...editOf(tools), { text: 'Then not.' }] });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assert.match(agent.model.results.at(-1).text, new RegExp(REASON));
    const { begin, made, denied, end } = ORDER[client.name];
    assert.deepEqual(eventsOf(world), [...begin, ...made, ...denied, ...end]);
  });

  clientTest(client, 'an edit waits for as long as its hook does', async (world, tools) => {
    world.hooks.decide = async (call) => {
      if (!isBefore(client, call)) return;
      world.signal('asked');
      await world.signalled('free');
    };
    const agent = await world.start(client, { turns: [...editOf(tools), { text: 'Done.' }] });
    await Promise.race([world.signalled('asked'), agent.ended]);
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assert.equal(agent.model.results.length, 1, 'the read, not yet the edit');
    world.signal('free');
    await agent.finished();
    assert.equal(world.read('a.txt'), 'one\nTWO\n');
  });

  clientTest(client, 'killed while its hook waits, it leaves the file as it was and the world empty', async (world, tools) => {
    world.hooks.decide = async (call) => {
      if (!isBefore(client, call)) return;
      world.signal('asked');
      await world.signalled('never');
    };
    const agent = await world.start(client, { turns: [...editOf(tools), { text: 'Done.' }] });
    await Promise.race([world.signalled('asked'), agent.ended]);
    agent.kill();
    await agent.ended;
    assert.deepEqual(agent.processes, []);
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    await world.close();
    assert.deepEqual(world.processes, []);
  });
}

function subagents(client) {
  clientTest(client, 'two subagents and their parent are told apart', async (world, { read, edit, delegate, finish }) => {
    await world.run(client, {
      turns: [...delegate('PART ONE', 'PART TWO'), { text: 'Both are at work.' }, { text: 'One is done.' }, { text: 'All is done.' }],
      subagents: {
        'PART ONE': [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'one', 'ONE TWO')] }, finish('done')],
        'PART TWO': [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO TWO')] }, finish('done')],
      },
    });
    assert.equal(world.read('a.txt'), 'ONE TWO\nTWO TWO\n');
    const edits = world.hooks.calls.filter(({ event, input }) => event === client.before && / TWO/.test(JSON.stringify(input.tool_input)));
    const agents = new Set(edits.map(({ input }) => client.agentOf(input)));
    assert.equal(agents.size, 2, [...agents].join(' '));
    assert.ok(!agents.has(undefined));
    const parent = world.hooks.calls.filter((call) => client.agentOf(call.input) === undefined);
    assert.ok(parent.length > 0);
  });
}

// Two clients at a time, each with one test after the other: more would only wait for a processor.
describe('clients', { concurrency: 2 }, () => {
  for (const client of clients) describe(client.name, { concurrency: 1 }, () => everyClient(client));
  const withSubagents = clients.filter(({ name }) => name === 'claude' || name === 'opencode');
  describe('subagents', { concurrency: 1 }, () => [...withSubagents, codexInCodeMode].forEach(subagents));
});
