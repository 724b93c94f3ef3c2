// Qwen Code: Claude's events and replies, Gemini's tools. It says that it wants Node 22; this version runs on Node 20 too.
import path from 'node:path';
import { hookGroups, put, reply } from './writing.mjs';

const events = [
  'SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'SubagentStart', 'SubagentStop', 'Stop',
  'SessionEnd',
];
const settings = {
  security: { auth: { selectedType: 'openai' } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, disableAutoUpdate: true },
};

export const qwen = {
  name: 'qwen',
  packages: { '@qwen-code/qwen-code': '0.24.4' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'qwen'),
  configuration: '.qwen',
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: (input) => input.agent_id,
  hooks: (command) => {
    const hooks = hookGroups(command, events, { timeout: 90 }, { matcher: '*' });
    return { '.qwen/settings.json': JSON.stringify({ hooks }, null, 2) };
  },
  deny: (reason) => reply(reason, 'PreToolUse'),
  isDone: ({ text }) => /^The file: .* has been updated\.|^Successfully |^Exit Code: 0$/m.test(text),
  textOfRead: ({ text }) => text,
  prepare: ({ home }) => put(home, { '.qwen/settings.json': JSON.stringify(settings) }),
  start: ({ url, prompt }) => ({
    arguments: ['-m', 'fake-model', '--approval-mode', 'yolo', '-p', prompt],
    environment: {
      OPENAI_API_KEY: 'dummy', OPENAI_BASE_URL: `${url}/v1`, OPENAI_MODEL: 'fake-model', NO_UPDATE_NOTIFIER: '1',
      QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
    },
  }),
  tools: (repo) => ({
    edit: (file, old_string, new_string) => ({ name: 'edit', input: { file_path: path.join(repo, file), old_string, new_string } }),
    write: (file, content) => ({ name: 'write_file', input: { file_path: path.join(repo, file), content } }),
    read: (file) => ({ name: 'read_file', input: { file_path: path.join(repo, file) } }),
    shell: (command) => ({ name: 'run_shell_command', input: { command, description: 'a command', is_background: false } }),
    delegate: (...prompts) => [{ calls: prompts.map(agent) }],
    finish: (text) => ({ text }),
  }),
};

function agent(prompt) {
  return { name: 'agent', input: { description: 'a part of the work', prompt, subagent_type: 'general-purpose' } };
}
