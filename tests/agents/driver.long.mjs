// The driver itself, and what Klock's hooks rely on in each client.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claude, clients, codexInCodeMode, copilot, opencode, qwen } from './clients/all.mjs';
import { installHooks } from './hooked.mjs';
import { missing } from './install.mjs';
import { assertHeard } from './klock.mjs';
import { World } from './world.mjs';

const LIMIT = { timeout: 300_000 }; // a client that hangs, on a machine with much else to do
const REASON = 'a.txt is held by somebody else';

// What fires at the start, at a tool call that is made, at one that a hook denies, and at the end.
const ORDER = {
  claude: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse', 'PostToolBatch'],
    denied: ['PreToolUse', 'PostToolBatch'], end: ['Stop', 'SessionEnd'],
  },
  codex: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse'], end: ['Stop'],
  },
  gemini: {
    begin: ['SessionStart', 'BeforeAgent'], made: ['BeforeTool', 'AfterTool'], denied: ['BeforeTool'], end: ['AfterAgent', 'SessionEnd'],
  },
  qwen: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse', 'UserPromptSubmit'],
    denied: ['PreToolUse', 'UserPromptSubmit'], end: ['Stop'],
  },
  copilot: {
    begin: ['sessionStart'], made: ['preToolUse', 'permissionRequest', 'postToolUse'], denied: ['preToolUse'],
    end: ['agentStop', 'sessionEnd'],
  },
  pi: {
    begin: ['SessionStart', 'UserPromptSubmit'], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse'], end: [],
  },
  cline: { begin: [], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse', 'PostToolUse'], end: [] },
  opencode: { begin: ['SessionCreated'], made: ['PreToolUse', 'PostToolUse'], denied: ['PreToolUse'], end: [] },
};

// What comes by chance: opencode does not wait for its plugin at the end of a turn, Codex gives a hook 3 s at the end of a session, and
// of pi's two ends either is first, Cline waits for no end, of Copilot's two begins either is first.
const CHANCE = {
  cline: ['TaskComplete'], pi: ['Stop', 'SessionEnd'], opencode: ['SessionIdle', 'Dispose'], codex: ['SessionEnd'],
  copilot: ['userPromptSubmitted'],
};

function eventsOf(world) {
  return world.hooks.calls.filter(({ client, event }) => !CHANCE[client]?.includes(event)).map(({ event }) => event);
}

function clientTest(client, name, body) {
  test(`${client.title ?? client.name}: ${name}`, { ...LIMIT, skip: missing(client) ?? false }, async (t) => {
    const world = await World.of(t, { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\n' });
    installHooks(world, client);
    await body(world, world.tools(client));
  });
}

/** Whether a call is the hook that comes before an edit; reads have to be told apart. */
const isBefore = (client, call) => call.event === client.before && JSON.stringify(call.input).includes('TWO');

// An edit as each client's model does it: opencode insists on a read before.
const editOf = ({ read, edit }) => [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }];

function denied(client) {
  clientTest(client, 'an edit that the hook denies is not made, and the model hears why', async (world, tools) => {
    world.hooks.decide = (call) => (isBefore(client, call) ? { stdout: client.deny(REASON) } : undefined);
    const agent = await world.run(client, { turns: [...editOf(tools), { text: 'Then not.' }] });
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    assertHeard(agent, new RegExp(REASON));
    const { begin, made, denied, end } = ORDER[client.name];
    assert.deepEqual(eventsOf(world), [...begin, ...made, ...denied, ...end]);
  });
}

function waits(client) {
  clientTest(client, 'an edit waits for its hook, and is made when that allows it', async (world, tools) => {
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
    const { begin, made, end } = ORDER[client.name];
    assert.deepEqual(eventsOf(world), [...begin, ...made, ...made, ...end]);
  });
}

function killed(client) {
  clientTest(client, 'killed while its hook waits, it leaves the file as it was and the world empty', async (world, tools) => {
    world.hooks.decide = async (call) => {
      if (!isBefore(client, call)) return;
      world.signal('asked');
      await world.signalled('never');
    };
    const agent = await world.start(client, { turns: [...editOf(tools), { text: 'Done.' }] });
    await Promise.race([world.signalled('asked'), agent.ended]);
    assert.ok(agent.processes.length > 0, `it ended before its hook was asked: ${agent.stderr}`);
    agent.kill();
    await agent.ended;
    assert.deepEqual(agent.processes, []);
    assert.ok(world.processes.some(({ command }) => command.includes('hook.mjs')), 'nobody tells the hook that waits');
    assert.equal(world.read('a.txt'), 'one\ntwo\n');
    await world.close();
    assert.deepEqual(world.processes, []);
  });
}

function subagents(client) {
  clientTest(client, 'two subagents and their parent are told apart', async (world, { read, edit, delegate, finish }) => {
    await world.run(client, {
      turns: [...delegate('FIRST PART', 'SECOND PART'), { text: 'Both are at work.' }, { text: 'One is done.' }, { text: 'All is done.' }],
      subagents: {
        'FIRST PART': [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }, finish('done')],
        'SECOND PART': [{ calls: [read('b.txt')] }, { calls: [edit('b.txt', 'two', 'TWO')] }, finish('done')],
      },
    });
    assert.deepEqual([world.read('a.txt'), world.read('b.txt')], ['one\nTWO\n', 'one\nTWO\n']);
    const agentsOf = (wanted) => new Set(world.hooks.calls.filter(wanted).map(({ input }) => client.agentOf(input)));
    const editors = agentsOf((call) => isBefore(client, call));
    assert.equal(editors.size, 2, [...editors].join(' '));
    assert.ok(!editors.has(undefined));
    assert.ok(agentsOf((call) => call.event === client.before).has(undefined), 'the parent started them');
  });
}

// Two clients at a time, each with one test after the other: more would only wait for a processor.
describe('clients', { concurrency: 2 }, () => {
  for (const client of clients) {
    describe(client.name, { concurrency: 1 }, () => {
      denied(client);
      waits(client);
      if (!client.hasDaemon) killed(client); // what runs its hooks is not among its processes
    });
  }
  const tellingThemApart = [opencode, claude, codexInCodeMode, qwen, copilot];
  describe('subagents', { concurrency: 1 }, () => tellingThemApart.forEach(subagents));
});
