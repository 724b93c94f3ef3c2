// klockProtected: functions, and the tools of the real LangChain.js.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Klock, KlockClient, KlockConflictError, klockProtected } from '@klock-protocol/core';
import { tools, untilWaiting, wanted } from './support.mjs';

const skip = tools ? false : 'LangChain.js could not be installed from npm';
const of = (client, more) => ({ client, agentId: 'writer', sessionId: 'run-1', resourcePath: (input) => input.path, ...more });

async function langchain() {
  const require = createRequire(path.join(tools, 'package.json'));
  const load = (name) => import(pathToFileURL(require.resolve(name)));
  return { ...(await load('@langchain/core/tools')), ...(await load('@langchain/core/utils/function_calling')), ...(await load('zod')) };
}

test('a function holds its file while it runs', async () => {
  const client = new KlockClient();
  const write = klockProtected(async function write({ path: file, text }, suffix) {
    assert.deepEqual(client.listLeases().map((lease) => [lease.agentId, lease.resource]), [['writer', `FILE:${file}`]]);
    return text + suffix;
  }, of(client));
  assert.equal(await write({ path: '/a.ts', text: 'x' }, '!'), 'x!');
  assert.equal(write.name, 'write');
  assert.equal(client.activeLeaseCount(), 0);
});

test('other resources, symbols and predicates', async () => {
  const client = new KlockClient();
  const seen = (options) => klockProtected(async () => client.listLeases()[0], of(client, options))({ path: '/x/../a.ts#login' });
  assert.equal((await seen({ resourceType: 'SYMBOL' })).resource, 'SYMBOL:/a.ts#login');
  const custom = await seen({ resourceType: 'CUSTOM', predicate: 'CONSUMES', note: 'why' });
  assert.deepEqual([custom.resource, custom.predicate, custom.note], ['CUSTOM:/x/../a.ts#login', 'CONSUMES', 'why']);
});

test('a call that is not granted, and wrong options', async () => {
  const client = new KlockClient();
  client.registerAgent('writer', 2);
  client.acquire(wanted('holder', '/a.ts'));
  const write = klockProtected(async () => assert.fail('called'), of(client, { maxRetries: 0 }));
  await assert.rejects(write({ path: '/a.ts' }), (error) => error instanceof KlockConflictError && error.agentId === 'writer');
  for (const options of [undefined, {}, { client }, of(client, { maxRetries: -1 }), of(client, { resourcePath: 'a' })]) {
    assert.throws(() => klockProtected(async () => 1, options), { code: 'INVALID_REQUEST' });
  }
  assert.throws(() => klockProtected({}, of(client)), /tool/);
});

test('it is protected until the result is there, however that comes', async () => {
  const client = new KlockClient();
  const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 20));
  const isHeld = () => client.activeLeaseCount() === 1;
  const tools = {
    plain: () => isHeld(),
    promise: () => later().then(isHeld),
    wrapper: (input) => (async () => (await later(), isHeld()))(input),
    thenable: () => ({ then: (resolve) => setTimeout(() => resolve(isHeld()), 20) }), // as query builders are, which begin only then
    nested: async () => later(later().then(isHeld)),
    bound: async function () { return (await later(), isHeld()); }.bind(null),
  };
  for (const [name, tool] of Object.entries(tools)) {
    assert.equal(await klockProtected(tool, of(client))({ path: '/a.ts' }), true, name);
    assert.equal(client.activeLeaseCount(), 0, name);
  }
});

test('what does its work after the call is refused', async () => {
  const client = new KlockClient();
  let isRun = false;
  async function* slow() { isRun = true; }
  function* plain() { isRun = true; }
  class Tool { async* work() { isRun = true; } }
  for (const tool of [slow, plain, slow.bind(null), plain.bind(null), new Tool().work]) {
    assert.throws(() => klockProtected(tool, of(client)), { code: 'INVALID_REQUEST', message: /^tool is a generator/ });
    await assert.rejects(new Klock(client).withFile('/a', tool), { code: 'INVALID_REQUEST', message: /^callback is a generator/ });
  }
  const compiled = () => ({ next() { isRun = true; }, throw() {}, return() {}, [Symbol.asyncIterator]() { return this; } });
  for (const wrapper of [() => slow(), async () => plain(), () => Promise.resolve(slow()), compiled]) {
    await assert.rejects(klockProtected(wrapper, of(client))({ path: '/a' }), { code: 'INVALID_REQUEST', message: /is a generator/ });
    await assert.rejects(new Klock(client).withFile('/a', wrapper), { code: 'INVALID_REQUEST', message: /is a generator/ });
  }
  assert.deepEqual([isRun, client.activeLeaseCount()], [false, 0]);
  assert.deepEqual(await new Klock(client).withFile('/a', () => [1, 2].values().next()), { value: 1, done: false }); // results are results
  assert.deepEqual(await new Klock(client).withFile('/a', () => new Map([[1, 2]])), new Map([[1, 2]]));
});

test('without a session each call is one, and keeps the others of the tool out', async () => {
  const client = new KlockClient();
  let inside = 0;
  let most = 0;
  const tool = klockProtected(async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    return client.listLeases()[0].sessionId;
  }, of(client, { sessionId: undefined }));
  const sessions = await Promise.all(Array.from({ length: 5 }, () => tool({ path: '/a' })));
  assert.deepEqual([most, new Set(sessions).size], [1, 5]);
  const named = klockProtected(() => client.listLeases()[0].sessionId, of(client));
  const together = await Promise.all(Array.from({ length: 5 }, (_, each) => named({ path: `/${each}` })));
  assert.deepEqual(new Set(together), new Set(['run-1']));
});

test('a generator as a tool of LangChain.js', { skip }, async () => {
  const { tool, z } = await langchain();
  const client = new KlockClient();
  let isRun = false;
  const schema = z.object({ path: z.string() });
  const streaming = tool(async function* () { isRun = true; yield 1; return 'done'; }, { name: 'stream', description: 'Streams.', schema });
  await assert.rejects(klockProtected(streaming, of(client)).invoke({ path: '/a' }), /is a generator/);
  assert.deepEqual([isRun, client.activeLeaseCount()], [false, 0]);
});

test('a tool of LangChain.js', { skip }, async () => {
  const { tool, convertToOpenAITool, z, StructuredTool } = await langchain();
  const client = new KlockClient();
  const plain = tool(
    async ({ path: file, text }) => `${client.listLeases().map((lease) => lease.resource)} ${file} ${text}`,
    { name: 'write_file', description: 'Write a text file.', schema: z.object({ path: z.string(), text: z.string() }) },
  );
  const write = klockProtected(plain, of(client));
  assert.equal(await write.invoke({ path: '/a.ts', text: 'hello' }), 'FILE:/a.ts /a.ts hello');
  assert.ok(write instanceof StructuredTool);
  assert.deepEqual([write.name, write.description, write.schema], [plain.name, plain.description, plain.schema]);
  assert.deepEqual(convertToOpenAITool(write), convertToOpenAITool(plain));
  const message = await write.invoke({ name: 'write_file', args: { path: '/b.ts', text: 'x' }, id: 'call-1', type: 'tool_call' });
  assert.deepEqual([message.content, message.tool_call_id], ['FILE:/b.ts /b.ts x', 'call-1']);
  await assert.rejects(write.invoke({ path: 7 }), /schema/);
  assert.equal(await plain.invoke({ path: '/a.ts', text: 'as before' }), ' /a.ts as before');
  assert.equal(client.activeLeaseCount(), 0);
});

test('agents that call one tool at the same time take turns, and an aborted call leaves the queue', { skip }, async () => {
  const { tool, z } = await langchain();
  const client = new KlockClient();
  let number = 0;
  const schema = z.object({ path: z.string() });
  const add = (agentId) => klockProtected(tool(async () => {
    const read = number;
    await new Promise((resolve) => setTimeout(resolve, 1));
    number = read + 1;
    return 'added';
  }, { name: 'add', description: 'Add one.', schema }), of(client, { agentId }));
  await Promise.all(Array.from({ length: 10 }, (_, each) => add(`agent-${each}`).invoke({ path: '/n' })));
  assert.equal(number, 10);
  const held = client.acquire(wanted('holder', '/n'));
  const abort = new AbortController();
  const waiting = add('late').invoke({ path: '/n' }, { signal: abort.signal });
  const rejected = assert.rejects(waiting);
  await untilWaiting(client, 'late');
  abort.abort();
  await rejected;
  client.releaseLease(held.leaseId);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([number, client.activeLeaseCount()], [10, 0]);
});
