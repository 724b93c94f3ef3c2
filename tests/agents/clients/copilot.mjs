// GitHub Copilot CLI, offline with a model provider of its own. --trust-folder lets the repository's hooks run.
import path from 'node:path';
import { patches } from './writing.mjs';

const events = [
  'sessionStart', 'userPromptSubmitted', 'preToolUse', 'permissionRequest', 'postToolUse', 'postToolUseFailure', 'subagentStart',
  'subagentStop', 'agentStop', 'sessionEnd', 'errorOccurred',
];

export const copilot = {
  name: 'copilot',
  packages: { '@github/copilot': '1.0.102' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'copilot'),
  configuration: '.github',
  before: 'preToolUse',
  after: 'postToolUse',
  agentOf: (input) => (input.parentAgentId ? input.agentId : undefined),
  hooks: (command) => {
    const hook = (event) => ({ type: 'command', bash: `${command} ${event}`, timeoutSec: 90 });
    const hooks = Object.fromEntries(events.map((event) => [event, [hook(event)]]));
    return { '.github/hooks/hook.json': JSON.stringify({ version: 1, hooks }, null, 2) };
  },
  deny: (reason) => JSON.stringify({ permissionDecision: 'deny', permissionDecisionReason: reason }),
  isDone: ({ text }) => /^(Modified|Added) \d|completed with exit code 0>$/.test(text),
  textOfRead: ({ text }) => text.replace(/<shellId: .*>$/, ''),
  prepare: () => {},
  start: ({ url, prompt, home }) => ({
    arguments: [
      '--allow-all-tools', '--allow-all-paths', '--trust-folder', '--disable-builtin-mcps', '--log-dir', path.join(home, 'logs'),
      '-p', prompt,
    ],
    environment: {
      COPILOT_OFFLINE: 'true', COPILOT_AUTO_UPDATE: 'false', COPILOT_PROVIDER_BASE_URL: `${url}/v1`, COPILOT_PROVIDER_API_KEY: 'dummy',
      COPILOT_MODEL: 'gpt-5.4',
    },
  }),
  tools: () => ({
    edit: (file, old, text) => ({ name: 'apply_patch', input: patches.edit(file, old, text) }),
    write: (file, content) => ({ name: 'apply_patch', input: patches.add(file, content) }),
    read: (file) => shell(`cat ${file}`),
    shell,
    delegate: (...prompts) => [{ calls: prompts.map(task) }],
    finish: (text) => ({ text }),
  }),
};

function shell(command) {
  return { name: 'bash', input: { command, description: 'a command' } };
}

function task(prompt, number) {
  const description = 'a part of the work';
  return { name: 'task', input: { agent_type: 'general-purpose', name: `part-${number}`, description, prompt, mode: 'sync' } };
}
