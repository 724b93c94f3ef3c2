using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;
using Klock.Agents.Policy;
using Klock.Agents.Processes;
using Klock.Agents.Settings;
using Klock.Cli.Output;
using Klock.Cli.Running;

namespace Klock.Cli.Hooks;

/// <summary>
/// One call of <c>klock hook</c>: reads the event, has it decided, writes the answer. Whatever goes wrong has an answer too.
/// </summary>
/// <param name="called">The client that the command names.</param>
/// <param name="name">The event, as the client calls it.</param>
internal sealed class HookRun(IClient called, string name)
{
    // A client's event has the whole content of an edit in it, and the result of a tool.
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int MaxDepth = 512;
    private static readonly TimeSpan _lookAtClient = TimeSpan.FromMilliseconds(250);

    // Before the client's own limit for a hook (klock install), after which most of them let the edit through.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(110);
    private static readonly TimeSpan _limitInBackground = TimeSpan.FromMinutes(59);

    // Until it is known what the user wants, the safe thing.
    private HookSettings _settings = new();
    private IClient _client = called;
    private AgentEvent? _happened;

    /// <summary>The answer to the event on stdin.</summary>
    public HookReply Reply(Stream input)
    {
        try
        {
            if (Environment.GetEnvironmentVariable("KLOCK_HOOKS") == "off")
            {
                return _client.Allow(name); // whatever else is wrong with the settings
            }

            using JsonDocument json = JsonDocument.Parse(ReadAll(input), new JsonDocumentOptions { MaxDepth = MaxDepth });
            _client = ClientTable.Sender(_client, json.RootElement);
            _happened = _client.Read(name, json.RootElement, Environment.GetEnvironmentVariable);
            _settings = HookSettings.In(_happened.Folder, Environment.GetEnvironmentVariable);
            return _settings.IsOn ? Reply(_happened) : _client.Allow(name);
        }
        catch (Exception failure)
        {
            return Fail(HookTrouble.Of(failure));
        }
    }

    private HookReply Reply(AgentEvent happened)
    {
        var process = ClientProcess.Find(happened.ClientProcess);
        using var signals = new Signals(listens: happened.Kind is AgentEventKind.BeforeTool or AgentEventKind.Awaiting);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(signals.Token);
        cancel.CancelAfter(happened.Kind == AgentEventKind.Awaiting ? _limitInBackground : _limit);
        using Timer watch = new(_ => EndWithClient(process, cancel), null, _lookAtClient, _lookAtClient);
        using var places = new Places(
            place => HookStores.Open(place, process.Id, happened.Folder), _settings.Variable);
        return _client.Write(happened, HookPolicy.Decide(new Hook
        {
            Happened = happened,
            Client = _client,
            Settings = _settings,
            Places = places,
            Process = process.Id,
            ProcessStarted = process.StartedAt,
            Environment = _settings.Variable,
            Program = InstallScopes.ProgramText(),
            Clock = TimeProvider.System,
            Cancel = cancel.Token,
        }));
    }

    // A client that was killed waits for nothing; nobody else would end this process.
    private static void EndWithClient(ClientProcess process, CancellationTokenSource cancel)
    {
        if (!process.IsAlive)
        {
            cancel.Cancel();
        }
    }

    private HookReply Fail(string trouble)
    {
        HookTrouble.Count();
        Out.Complain($"hook {_client.Name} {name}: {trouble}");
        bool changes = _happened is not { Tool: { } tool }
            || tool.Changes.Count > 0 || tool.Command is not null || tool.Trouble is not null;
        if (!_client.CanBlock(name) || !changes || !_settings.BlocksOnFailure)
        {
            return _client.Allow(name);
        }

        // As any other refusal, where it is known of what: that of Cline for an event it cannot read ends the whole task.
        string reason = Messages.Failed(trouble);
        return _happened is null ? _client.Refuse(name, reason) : _client.Write(_happened, Decision.Block(reason));
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream input)
    {
        using var all = new MemoryStream();
        byte[] part = new byte[64 * 1024];
        for (int read; (read = input.Read(part)) > 0;)
        {
            all.Write(part, 0, read);
            if (all.Length > MaxBytes)
            {
                throw new FormatException($"it is longer than {MaxBytes} bytes");
            }
        }

        // Some clients on some systems begin with a byte order mark.
        ReadOnlyMemory<byte> text = all.GetBuffer().AsMemory(0, (int)all.Length);
        return text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text;
    }
}
