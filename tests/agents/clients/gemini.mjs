// Gemini CLI. Without GEMINI_CLI_TRUST_WORKSPACE it runs but leaves out the project's hooks without a word.
import path from 'node:path';
import { hookGroups, put, reply } from './writing.mjs';

const events = ['SessionStart', 'BeforeAgent', 'BeforeTool', 'AfterTool', 'AfterAgent', 'SessionEnd'];
const settings = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  model: { disableLoopDetection: true }, // it asks the model whether it goes in circles, and waits minutes for an answer that is none
};

export const gemini = {
  name: 'gemini',
  packages: { '@google/gemini-cli': '0.61.0' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'gemini'),
  configuration: '.gemini',
  before: 'BeforeTool',
  after: 'AfterTool',
  agentOf: () => undefined, // it does not tell its subagents apart
  hooks: (command) => {
    const hooks = hookGroups(command, events, { name: 'hook', timeout: 90_000 }, { matcher: '*' });
    return { '.gemini/settings.json': JSON.stringify({ hooks }, null, 2) };
  },
  deny: (reason) => reply(reason, 'BeforeTool'),
  isDone: ({ error, text }) => !error && !/^Exit Code: [1-9]/m.test(text),
  textOfRead: ({ text }) => text.replace(/\s*<hook_context>.*<\/hook_context>\s*$/s, ''),
  prepare: ({ home }) => put(home, { '.gemini/settings.json': JSON.stringify(settings) }),
  start: ({ url, prompt }) => ({
    arguments: ['-m', 'gemini-2.5-pro', '--approval-mode', 'yolo', '-p', prompt],
    environment: {
      GEMINI_API_KEY: 'dummy', GOOGLE_GEMINI_BASE_URL: url, GEMINI_TELEMETRY_ENABLED: 'false', GEMINI_CLI_TRUST_WORKSPACE: 'true',
      NO_UPDATE_NOTIFIER: '1',
    },
  }),
  tools: (repo) => ({
    edit: (file, old_string, new_string) => {
      return { name: 'replace', input: { file_path: path.join(repo, file), instruction: 'as said', old_string, new_string } };
    },
    write: (file, content) => ({ name: 'write_file', input: { file_path: path.join(repo, file), content } }),
    read: (file) => ({ name: 'read_file', input: { file_path: path.join(repo, file) } }),
    shell: (command) => ({ name: 'run_shell_command', input: { command, description: 'a command' } }),
    delegate: (...prompts) => [{ calls: prompts.map((prompt) => ({ name: 'invoke_agent', input: { agent_name: 'generalist', prompt } })) }],
    finish: (text) => ({ calls: [{ name: 'complete_task', input: { result: { response: text } } }] }),
  }),
};
