using System.Text.Json;

namespace Klock.Agents.Install.Clients;

/// <summary>The plugin for opencode, whose hooks are JavaScript: it hands each event to <c>klock hook</c>.</summary>
internal static class OpenCodePlugin
{
    /// <summary>The plugin's text.</summary>
    /// <param name="program">How klock is started, as a shell reads it.</param>
    public static string Write(string program) =>
        Text.Replace("PROGRAM", JsonEncodedText.Encode(program).ToString(), StringComparison.Ordinal);

    // The name of each event stands in it as in the files of other clients, so that `klock doctor` finds the commands.
    private const string Text =
        """"
        // Made by klock install opencode. It hands opencode's events to `klock hook`, which decides.
        // Throwing refuses a tool; so does a hook that fails, since an edit must not slip through then.
        import { spawn } from 'node:child_process';

        const commands = {
          SessionStart: "PROGRAM hook opencode SessionStart",
          PreToolUse: "PROGRAM hook opencode PreToolUse",
          PostToolUse: "PROGRAM hook opencode PostToolUse",
          Stop: "PROGRAM hook opencode Stop",
        };
        const parents = new Map(); // a subagent's session to its parent's

        function ask(event, input) {
          return new Promise((resolve) => {
            const child = spawn('/bin/sh', ['-c', commands[event]], { stdio: ['pipe', 'pipe', 'pipe'] });
            let out = '', error = '';
            child.stdout.on('data', (data) => (out += data));
            child.stderr.on('data', (data) => (error += data));
            child.on('error', (failure) => resolve({ code: 127, out, error: String(failure) }));
            child.on('close', (code) => resolve({ code, out, error }));
            child.stdin.on('error', () => {}); // it may answer without reading
            child.stdin.end(JSON.stringify({ hook_event_name: event, client_pid: process.pid, ...input }));
          });
        }

        function answer({ code, out, error }) {
          if (code !== 0) throw new Error(`Klock's hook failed (exit ${code}), so nothing was changed: ${error.trim()}`);
          return out.trim() === '' ? {} : JSON.parse(out);
        }

        export const Klock = async ({ directory }) => {
          const session = (id) => ({ session_id: id, parent_session_id: parents.get(id), cwd: directory });
          const tool = (input, args) => ({
            ...session(input.sessionID), tool_name: input.tool, tool_use_id: input.callID, tool_input: args,
          });
          return {
            event: async ({ event: { type, properties } }) => {
              // A tool that failed fires no tool.execute.after.
              const part = type === 'message.part.updated' && properties?.part;
              if (part && part.type === 'tool' && part.state?.status === 'error') {
                await ask('PostToolUse', tool({ sessionID: part.sessionID, tool: part.tool, callID: part.callID }, part.state.input));
              }
              const id = properties?.sessionID ?? properties?.info?.id;
              if (!id) return;
              if (type === 'session.created') {
                if (properties.info?.parentID) parents.set(id, properties.info.parentID);
                await ask('SessionStart', session(id));
              } else if (type === 'session.idle') {
                await ask('Stop', session(id));
              }
            },
            'tool.execute.before': async (input, output) => {
              const said = answer(await ask('PreToolUse', tool(input, output.args)));
              if (said.decision === 'block') throw new Error(said.reason);
              if (said.command) output.args.command = said.command;
            },
            'tool.execute.after': async (input, output) => {
              const { code, out } = await ask('PostToolUse', tool(input, input.args));
              if (code !== 0 || out.trim() === '') return;
              const context = JSON.parse(out).hookSpecificOutput?.additionalContext;
              if (context && typeof output.output === 'string') output.output += `\n${context}`;
            },
            'shell.env': async (input, output) => {
              if (!input.sessionID) return;
              const parent = parents.get(input.sessionID);
              const agent = parent ? `opencode:${parent}/${input.sessionID}` : `opencode:${input.sessionID}`;
              output.env.KLOCK_AGENT_ID = agent;
              output.env.KLOCK_SESSION_ID = agent;
            },
          };
        };

        """";
}
