namespace Klock.Agents.Install.Clients;

/// <summary>The extension for pi, whose hooks are TypeScript: it hands each event to <c>klock hook</c>.</summary>
internal static class PiExtension
{
    /// <summary>The extension's text.</summary>
    /// <param name="program">How klock is started, as a shell reads it.</param>
    public static string Write(string program) => PluginScript.Write(
        "pi", program, ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "Stop", "SessionEnd"], Text);

    private const string Text =
        """"
        export default function (pi) {
          const untold = []; // what the model gets to know with the next prompt
          const session = (ctx) => ({ session_id: ctx.sessionManager.getSessionId(), cwd: ctx.cwd });
          const tool = (event, ctx) => ({
            ...session(ctx), tool_name: event.toolName, tool_use_id: event.toolCallId, tool_input: event.input,
          });

          pi.on('session_start', async (event, ctx) => {
            const agent = `pi:${ctx.sessionManager.getSessionId()}`;
            process.env.KLOCK_AGENT_ID = agent; // what its shell runs is this agent's
            process.env.KLOCK_SESSION_ID = agent;
            untold.push(contextOf(await ask('SessionStart', { ...session(ctx), source: event.reason })));
          });
          pi.on('before_agent_start', async (event, ctx) => {
            untold.push(contextOf(await ask('UserPromptSubmit', session(ctx))));
            const content = untold.splice(0).filter(Boolean).join('\n');
            if (content) return { message: { customType: 'klock', content, display: true } };
          });
          pi.on('tool_call', async (event, ctx) => {
            const said = answer(await ask('PreToolUse', tool(event, ctx)));
            if (said.decision === 'block') return { block: true, reason: said.reason };
          });
          pi.on('tool_result', async (event, ctx) => {
            const text = contextOf(await ask('PostToolUse', tool(event, ctx)));
            if (text) return { content: [...event.content, { type: 'text', text }] };
          });
          pi.on('agent_end', async (event, ctx) => {
            await ask('Stop', session(ctx));
          });
          pi.on('session_shutdown', async (event, ctx) => {
            await ask('SessionEnd', session(ctx));
          });
        }

        """";
}
