// Gives pi's hook calls to a program, as JSON on its standard input: what other clients do of their own. It is pi that loads this.
import { spawn } from 'node:child_process';

const command = 'HOOK COMMAND';

function call(event, input) {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', `${command} ${event}`]);
    let out = '';
    let error = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (error += data));
    child.on('close', (code) => resolve({ code, out, error }));
    child.stdin.on('error', () => {}); // it may answer without reading
    child.stdin.end(JSON.stringify({ hook_event_name: event, client_pid: process.pid, ...input }));
  });
}

function refusal({ code, out, error }) {
  if (code !== 0) return { block: true, reason: error.trim() || `the hook ended with ${code}` };
  const said = out.trim() === '' ? {} : JSON.parse(out);
  return said.decision === 'block' ? { block: true, reason: said.reason } : undefined;
}

export default function (pi) {
  const session = (ctx) => ({ session_id: ctx.sessionManager.getSessionId(), cwd: ctx.cwd });
  const tool = (event, ctx) => ({
    ...session(ctx), tool_name: event.toolName, tool_use_id: event.toolCallId, tool_input: event.input,
  });
  const tell = (name, event, more = () => ({})) => {
    pi.on(name, async (input, ctx) => {
      await call(event, { ...session(ctx), ...more(input) });
    });
  };
  tell('session_start', 'SessionStart', ({ reason }) => ({ source: reason }));
  tell('before_agent_start', 'UserPromptSubmit', ({ prompt }) => ({ prompt }));
  tell('agent_end', 'Stop');
  tell('session_shutdown', 'SessionEnd', ({ reason }) => ({ reason }));
  pi.on('tool_call', async (event, ctx) => refusal(await call('PreToolUse', tool(event, ctx))));
  pi.on('tool_result', async (event, ctx) => {
    await call('PostToolUse', { ...tool(event, ctx), is_error: event.isError });
  });
}
