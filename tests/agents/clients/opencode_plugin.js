// Gives opencode's hook calls to a program, as JSON on its standard input: what other clients do of their own. A refusal, and a hook
// that failed, are thrown: opencode knows no other way to refuse a tool. It is opencode that loads this, with its own JavaScript.
import { spawn } from 'node:child_process';

const command = 'HOOK COMMAND';
const parents = new Map();

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

function refuse({ code, out, error }) {
  if (code !== 0) throw new Error(error.trim() || `the hook ended with ${code}`);
  const said = out.trim() === '' ? {} : JSON.parse(out);
  if (said.decision === 'block') throw new Error(said.reason);
}

export const Hook = async ({ directory, worktree }) => {
  const session = (id) => ({ session_id: id, parent_session_id: parents.get(id), cwd: directory, worktree });
  const tool = (input, args) => ({ ...session(input.sessionID), tool_name: input.tool, tool_use_id: input.callID, tool_input: args });
  return {
    event: async ({ event: { type, properties } }) => {
      const id = properties?.sessionID;
      if (type === 'session.created' && properties.info?.parentID) parents.set(id, properties.info.parentID);
      const name = { 'session.created': 'SessionCreated', 'session.idle': 'SessionIdle' }[type];
      if (name) await call(name, session(id));
    },
    'tool.execute.before': async (input, output) => refuse(await call('PreToolUse', tool(input, output.args))),
    'tool.execute.after': async (input) => {
      await call('PostToolUse', tool(input, input.args));
    },
    dispose: async () => {
      await call('Dispose', { cwd: directory });
    },
  };
};
