using System.Text.Json;

namespace Klock.Agents.Install.Clients;

/// <summary>What plugins in JavaScript share: they hand each event to <c>klock hook</c>, as clients do that run a command.</summary>
internal static class PluginScript
{
    /// <summary>The text of a plugin.</summary>
    /// <param name="client">The client.</param>
    /// <param name="program">How klock is started, as a shell reads it.</param>
    /// <param name="events">The events that <paramref name="body"/> asks about.</param>
    /// <param name="body">What the client loads. It has <c>ask</c>, <c>answer</c>, which throws unless the hook ended well, and
    /// <c>contextOf</c>.</param>
    public static string Write(string client, string program, IEnumerable<string> events, string body)
    {
        // Each command stands there as in the files of other clients, so that `klock doctor` finds it.
        string text = JsonEncodedText.Encode(program).ToString();
        IEnumerable<string> commands = events.Select(name => $"  {name}: \"{text} hook {client} {name}\",\n");
        return Head.Replace("CLIENT", client, StringComparison.Ordinal)
            .Replace("COMMANDS\n", string.Concat(commands), StringComparison.Ordinal) + body;
    }

    private const string Head =
        """"
        // Made by klock install CLIENT. It hands the events of CLIENT to `klock hook`, which decides.
        // A hook that fails refuses the tool, since an edit must not slip through then.
        import { spawn } from 'node:child_process';

        const commands = {
        COMMANDS
        };

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

        // What the model gets to know; a hook that only tells it something may fail.
        function contextOf({ code, out }) {
          return code === 0 && out.trim() !== '' ? JSON.parse(out).hookSpecificOutput?.additionalContext : undefined;
        }

        """";
}
