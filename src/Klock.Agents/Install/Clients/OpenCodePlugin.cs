namespace Klock.Agents.Install.Clients;

/// <summary>The plugin for opencode, whose hooks are JavaScript: it hands each event to <c>klock hook</c>.</summary>
internal static class OpenCodePlugin
{
    /// <summary>The plugin's text.</summary>
    /// <param name="program">How klock is started, as a shell reads it.</param>
    public static string Write(string program) =>
        PluginScript.Write("opencode", program, ["SessionStart", "PreToolUse", "PostToolUse", "Stop"], Text);

    private const string Text =
        """"
        const parents = new Map(); // a subagent's session to its parent's

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
              const context = contextOf(await ask('PostToolUse', tool(input, input.args)));
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
