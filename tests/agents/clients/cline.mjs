// Cline. Its hooks are programs, by the names of their events. It leaves a daemon running, which ends with the world.
// What `cline auth` would write is written here.
import path from 'node:path';
import { put } from './writing.mjs';

const events = ['PreToolUse', 'PostToolUse', 'TaskComplete', 'TaskCancel', 'TaskError', 'SessionShutdown'];

// Its own refusal, `cancel`, ends the task.
const NOTHING = { command: 'str_replace', path: '/dev/null/refused', old_text: '-', new_text: '+' };

export const cline = {
  name: 'cline',
  packages: { cline: '3.0.65' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'cline'),
  configuration: '.clinerules',
  hasDaemon: true,
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: (input) => (input.parent_agent_id ? input.agent_id : undefined),
  hooks: (command) => Object.fromEntries(events.map((event) => [`.clinerules/hooks/${event}`, `#!/bin/sh\n${command} ${event}\n`])),
  deny: (contextModification) => JSON.stringify({ cancel: false, overrideInput: NOTHING, contextModification }),
  prepare: ({ home, url }) => put(home, settings(url)),
  start: ({ prompt }) => ({
    arguments: ['-P', 'openai-compatible', '-m', 'fake-model', '--retries', '2', prompt], environment: { CLINE_TELEMETRY_DISABLED: '1' },
  }),
  tools: (repo) => ({
    edit: (file, old_text, new_text) => {
      return { name: 'editor', input: { command: 'str_replace', path: path.join(repo, file), old_text, new_text } };
    },
    write: (file, content) => ({ name: 'editor', input: { command: 'create', path: path.join(repo, file), new_text: content } }),
    read: (file) => ({ name: 'read_files', input: { files: [{ path: path.join(repo, file) }] } }),
    shell: (command) => ({ name: 'run_commands', input: { commands: [command] } }),
  }),
};

function settings(url) {
  const provider = 'openai-compatible';
  const own = { provider, apiKey: 'dummy', model: 'fake-model', baseUrl: `${url}/v1` };
  const providers = { [provider]: { settings: own, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' } };
  return { '.cline/data/settings/providers.json': JSON.stringify({ version: 1, lastUsedProvider: provider, modes: {}, providers }) };
}
