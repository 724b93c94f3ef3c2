// Claude Code. Its subagents run in the background: the parent's turn goes on, and it is called again when they are done.
import path from 'node:path';
import { folderOf } from '../install.mjs';
import { hookGroups, put, reply } from './writing.mjs';

const events = [
  'SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'PostToolUseFailure', 'PostToolBatch',
  'SubagentStart', 'SubagentStop', 'Stop', 'SessionEnd',
];

// A terminal of a usual size: what is typed comes in on stdin, and what the program shows goes out.
const terminal = `import fcntl, os, pty, select, struct, sys, termios
child, screen = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 150, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while True:
        for ready in select.select([0, screen], [], [])[0]:
            data = os.read(ready, 65536)
            os.write(1 if ready == screen else screen, data) if data else sys.exit(1)
except OSError:
    pass  # the other end was closed
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))`;

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

/** Claude Code as a person has it, on a screen: it stays when the model has nothing more to say. */
export const claudeOnScreen = {
  ...claude,
  title: 'claude on its screen',
  hasScreen: true,
  program: () => 'python3',
  prepare: ({ repo, home }) => put(home, { '.claude.json': JSON.stringify({
    hasCompletedOnboarding: true, theme: 'dark', numStartups: 5, lastOnboardingVersion: claude.packages['@anthropic-ai/claude-code'],
    customApiKeyResponses: { approved: ['dummy'], rejected: [] },
    projects: { [repo]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  }) }),
  start: (context) => {
    const { arguments: [, prompt, ...options], environment } = claude.start(context);
    // The list of tools ends with the next option, else the prompt would be one of them.
    const screen = ['-c', terminal, claude.program(folderOf(claude)), prompt, ...options];
    return { arguments: screen, environment: { ...environment, TERM: 'xterm-256color' } };
  },
};

function agent(prompt) {
  return { name: 'Agent', input: { description: 'a part of the work', prompt, subagent_type: 'general-purpose' } };
}
