// Makes samples/CLIENT/*.json: what each client's hooks are told, one file for an event and a tool, with "-subagent" where a subagent
// calls (*.json), and environment.json, the environment of the hook before a tool. `run.mjs --record` runs it, for tests of adapters.
import fs from 'node:fs';
import path from 'node:path';
import { clients, codexInCodeMode } from './clients/all.mjs';
import { installHooks } from './hooked.mjs';
import { missing, top } from './install.mjs';
import { Scrubber } from './scrub.mjs';
import { World } from './world.mjs';

const samples = path.join(top, 'tests', 'agents', 'samples');

// Stands in for the context of a test: what is to be done at its end.
class Ending {
  #todo = [];
  after = (action) => this.#todo.push(action);
  end = () => Promise.all(this.#todo.map((action) => action()));
}

const alone = ({ read, edit, write, shell }) => [
  { calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }, { calls: [write('b.txt', 'new\n')] },
  { calls: [shell('echo more >> a.txt')] }, { calls: [shell('cat missing.txt')] }, { text: 'Done.' },
];

async function record(client, script) {
  const ending = new Ending();
  try {
    const world = await World.of(ending, { 'a.txt': 'one\ntwo\n' });
    installHooks(world, client);
    await world.run(client, script(world.tools(client)));
    const scrubber = new Scrubber(world);
    for (const call of world.hooks.calls) save(client, call, scrubber);
  } finally {
    await ending.end();
  }
}

function save(client, call, scrubber) {
  const { input, event } = call;
  const subagent = client.agentOf(input) !== undefined && !/^subagent/i.test(event) ? '-subagent' : '';
  const clines = input.tool_call ?? input.tool_result;
  const tool = input.tool_name ?? input.toolName ?? clines?.name ?? input.reason ?? input.source;
  write(client, [event, tool].filter(Boolean).join('-').replace(/\W+/g, '_') + subagent, scrubber.clean(input));
  if (event === client.before) write(client, 'environment', scrubber.cleanEnvironment(call.environment));
}

// The first of its kind stays.
function write(client, name, content) {
  const file = path.join(samples, client.name, `${name}.json`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

const withSubagent = ({ delegate, read, edit, finish }) => ({
  turns: [...delegate('THE PART'), { text: 'It is at work.' }, { text: 'Done.' }],
  subagents: { 'THE PART': [{ calls: [read('a.txt')] }, { calls: [edit('a.txt', 'two', 'TWO')] }, finish('done')] },
});

const [only] = process.argv.slice(2);
for (const client of clients.filter((one) => !missing(one) && (!only || one.name === only))) {
  fs.rmSync(path.join(samples, client.name), { recursive: true, force: true });
  await record(client, (tools) => ({ turns: alone(tools) }));
  if (client.tools('/').delegate) await record(client.name === 'codex' ? codexInCodeMode : client, withSubagent);
  console.log(`${client.name}: ${fs.readdirSync(path.join(samples, client.name)).filter((name) => name.endsWith('.json')).length} samples`);
}
