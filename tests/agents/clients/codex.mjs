// Codex. GPT-5.5 is offered plain tools; later models only get "code mode": one tool that runs JavaScript, which calls the tools.
import fs from 'node:fs';
import path from 'node:path';
import { hookGroups, patches, put, reply } from './writing.mjs';

const events = [
  'SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'SubagentStart', 'SubagentStop', 'Stop',
  'Interrupt', 'SessionEnd',
];

export const codex = {
  name: 'codex',
  packages: { '@openai/codex': '0.171.0' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'codex'),
  configuration: '.codex',
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: (input) => input.agent_id,
  hooks: (command) => ({ '.codex/hooks.json': JSON.stringify({ hooks: hookGroups(command, events, { timeout: 90 }) }, null, 2) }),
  deny: (reason) => reply(reason, 'PreToolUse'),
  isDone: ({ text }) => /^Success\./m.test(text) || /exited with code 0$/m.test(text),
  textOfRead: ({ text }) => text.slice(text.indexOf('Output:\n') + 'Output:\n'.length),
  prepare: ({ home, repo, url }) => put(home, { '.codex/config.toml': settings('gpt-5.5', repo, url) }),
  start: ({ prompt }) => ({
    arguments: ['exec', '-s', 'danger-full-access', '--dangerously-bypass-hook-trust', prompt],
    environment: { SCRIPTED_KEY: 'dummy' },
  }),
  tools: () => ({
    edit: (file, old, text) => ({ name: 'apply_patch', input: patches.edit(file, old, text) }),
    write: (file, content) => ({ name: 'apply_patch', input: patches.add(file, content) }),
    read: (file) => ({ name: 'exec_command', input: { cmd: `cat ${file}` } }),
    shell: (cmd) => ({ name: 'exec_command', input: { cmd } }),
    delegate,
    finish: (text) => ({ text }),
  }),
};

/** The same program with a model of "code mode". */
export const codexInCodeMode = {
  ...codex,
  title: 'codex in code mode',
  isDone: ({ text }) => text.startsWith('Script completed') && !/"exit_code":[^0]/.test(text),
  textOfRead: ({ text }) => JSON.parse(text.slice(text.indexOf('{'))).output,
  prepare: ({ home, repo, url }) => put(home, { '.codex/config.toml': settings('gpt-6.2-sol', repo, url) }),
  tools: () => ({
    edit: (file, old, text) => script('apply_patch', patches.edit(file, old, text)),
    write: (file, content) => script('apply_patch', patches.add(file, content)),
    read: (file) => script('exec_command', { cmd: `cat ${file}` }),
    shell: (cmd) => script('exec_command', { cmd }),
    delegate,
    finish: (text) => ({ text }),
  }),
};

function script(tool, input) {
  return { name: 'functions.exec', input: `text(JSON.stringify(await tools.${tool}(${JSON.stringify(input)})));` };
}

function delegate(...prompts) {
  const spawn = (message, number) => {
    return { name: 'collaboration.spawn_agent', input: { task_name: `part_${number}`, message, fork_turns: 'none' } };
  };
  const wait = (timeout_ms) => ({ calls: [{ name: 'collaboration.wait_agent', input: { timeout_ms } }] });
  return [{ calls: prompts.map(spawn) }, ...prompts.map((_, n) => wait(n === 0 ? 60_000 : 10_000))];
}

function settings(model, repo, url) {
  return `model = "${model}"
model_provider = "scripted"
approval_policy = "never"
check_for_update_on_startup = false
[analytics]
enabled = false
[feedback]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "${url}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[projects."${fs.realpathSync(repo)}"]
trust_level = "trusted"
`;
}
