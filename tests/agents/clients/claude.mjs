// Claude Code. Its subagents run in the background: the parent's turn goes on, and it is called again when they are done.
import path from 'node:path';
import { hookGroups, put, reply } from './writing.mjs';

const events = [
  'SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'PostToolUseFailure', 'PostToolBatch',
  'SubagentStart', 'SubagentStop', 'Stop', 'SessionEnd',
];

export const claude = {
  name: 'claude',
  packages: { '@anthropic-ai/claude-code': '2.1.332' },
  program: (folder) => path.join(folder, 'node_modules', '.bin', 'claude'),
  configuration: '.claude',
  before: 'PreToolUse',
  after: 'PostToolUse',
  agentOf: (input) => input.agent_id,
  hooks: (command) => ({ '.claude/settings.json': JSON.stringify({ hooks: hookGroups(command, events, { timeout: 90 }) }, null, 2) }),
  deny: (reason) => reply(reason, 'PreToolUse'),
  isDone: (result) => !result.error,
  textOfRead: ({ text }) => text.split('\n').map((line) => /^\d+\t(.*)$/.exec(line)?.[1]).filter((line) => line !== undefined).join('\n'),
  prepare: ({ home }) => put(home, { '.claude.json': JSON.stringify({ hasCompletedOnboarding: true }) }),
  start: ({ url, prompt, temporary }) => ({
    arguments: ['-p', prompt, '--model', 'claude-sonnet-5', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash', 'Agent'],
    environment: {
      ANTHROPIC_API_KEY: 'dummy', ANTHROPIC_BASE_URL: url, CLAUDE_CODE_TMPDIR: temporary, DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
  }),
  tools: (repo) => ({
    edit: (file, old, text) => ({ name: 'Edit', input: { file_path: path.join(repo, file), old_string: old, new_string: text } }),
    write: (file, content) => ({ name: 'Write', input: { file_path: path.join(repo, file), content } }),
    read: (file) => ({ name: 'Read', input: { file_path: path.join(repo, file) } }),
    shell: (command) => ({ name: 'Bash', input: { command, description: 'a command' } }),
    delegate: (...prompts) => [{ calls: prompts.map(agent) }],
    finish: (text) => ({ text }),
  }),
};

function agent(prompt) {
  return { name: 'Agent', input: { description: 'a part of the work', prompt, subagent_type: 'general-purpose' } };
}
