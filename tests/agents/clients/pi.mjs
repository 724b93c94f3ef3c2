// pi. Its hooks are a TypeScript extension, which it loads from the folder without asking.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { put, reply } from './writing.mjs';

const extension = fileURLToPath(new URL('pi_extension.ts', import.meta.url));

export const pi = {
  name: 'pi',
  packages: { '@mariozechner/pi-coding-agent': '0.73.1' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'pi'),
  processTitle: 'pi', // it writes over its command line
  configuration: '.pi',
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: () => undefined, // it has no subagents of its own
  hooks: (command) => {
    const text = fs.readFileSync(extension, 'utf8').replace("'HOOK COMMAND'", () => JSON.stringify(command));
    return { '.pi/extensions/hook.ts': text };
  },
  deny: (reason) => reply(reason, 'PreToolUse'),
  isDone: ({ text }) => /^Successfully |^\(no output\)/.test(text),
  textOfRead: ({ text }) => text,
  prepare: ({ home, url }) => put(home, { '.pi/agent/models.json': JSON.stringify(settings(url)) }),
  start: ({ prompt }) => ({
    arguments: ['-p', '--model', 'fake/fake-model', prompt],
    environment: { PI_OFFLINE: '1', PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' },
  }),
  tools: () => ({
    edit: (file, oldText, newText) => ({ name: 'edit', input: { path: file, edits: [{ oldText, newText }] } }),
    write: (file, content) => ({ name: 'write', input: { path: file, content } }),
    read: (file) => ({ name: 'read', input: { path: file } }),
    shell: (command) => ({ name: 'bash', input: { command } }),
  }),
};

function settings(url) {
  const models = [{ id: 'fake-model' }];
  return { providers: { fake: { baseUrl: `${url}/v1`, api: 'openai-completions', apiKey: 'dummy', models } } };
}
