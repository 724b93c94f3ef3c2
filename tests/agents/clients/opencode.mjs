// opencode. Its hooks are a JavaScript plugin. The plugin package is linked into place: without it the first start with a plugin
// waits more than a minute for the registry.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderOf } from '../install.mjs';
import { put, reply } from './writing.mjs';

const version = '1.18.33';
const plugin = fileURLToPath(new URL('opencode_plugin.js', import.meta.url));

const pluginPackage = {
  name: 'opencode-plugin',
  packages: { '@opencode-ai/plugin': version },
  program: (folder) => path.join(folder, 'node_modules', '@opencode-ai', 'plugin', 'package.json'),
};

export const opencode = {
  name: 'opencode',
  packages: { 'opencode-ai': version },
  needs: [pluginPackage],
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'opencode'),
  configuration: '.opencode',
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: (input) => (input.parent_session_id ? input.session_id : undefined),
  hooks: (command) => {
    const text = fs.readFileSync(plugin, 'utf8').replace("'HOOK COMMAND'", () => JSON.stringify(command));
    return { '.opencode/plugin/hook.js': text };
  },
  deny: (reason) => reply(reason, 'PreToolUse'),
  isDone: ({ text }) => /successfully\.|^\(no output\)/.test(text),
  textOfRead: ({ text }) => [...text.matchAll(/^\d+: (.*)$/gm)].map(([, line]) => line).join('\n'),
  prepare: ({ home, repo, url }) => {
    put(home, { '.config/opencode/opencode.json': JSON.stringify(settings(url)) });
    for (const at of [path.join(repo, '.opencode'), path.join(home, '.config', 'opencode')]) link(folderOf(pluginPackage), at);
  },
  start: ({ prompt }) => ({
    arguments: ['run', prompt],
    environment: {
      OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    },
  }),
  tools: (repo) => ({
    edit: (file, oldString, newString) => ({ name: 'edit', input: { filePath: path.join(repo, file), oldString, newString } }),
    write: (file, content) => ({ name: 'write', input: { filePath: path.join(repo, file), content } }),
    read: (file) => ({ name: 'read', input: { filePath: path.join(repo, file) } }),
    shell: (command) => ({ name: 'bash', input: { command, description: 'a command' } }),
    delegate: (...prompts) => [{ calls: prompts.map(task) }],
    finish: (text) => ({ text }),
  }),
};

// With npm's two files beside the packages opencode sees that nothing is missing.
function link(folder, at) {
  fs.mkdirSync(at, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(folder, name), path.join(at, name));
  if (!fs.existsSync(path.join(at, 'node_modules'))) fs.symlinkSync(path.join(folder, 'node_modules'), path.join(at, 'node_modules'));
}

function task(prompt) {
  return { name: 'task', input: { description: 'a part of the work', prompt, subagent_type: 'general' } };
}

function settings(url) {
  const models = { 'fake-model': { name: 'Fake', tool_call: true, limit: { context: 200_000, output: 8_000 } } };
  return {
    snapshot: false, // a dozen runs of git a step, for undoing what nobody here undoes
    autoupdate: false, share: 'disabled', enabled_providers: ['fake'], model: 'fake/fake-model', small_model: 'fake/fake-model',
    provider: { fake: { npm: '@ai-sdk/openai-compatible', name: 'Fake', options: { baseURL: `${url}/v1`, apiKey: 'dummy' }, models } },
  };
}
