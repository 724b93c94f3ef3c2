using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;
using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Agents.Processes;
using Klock.Agents.Settings;
using Klock.Cli.Failures;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Microsoft.Data.Sqlite;

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
            _settings = HookOptions.Read(_happened.Folder, Environment.GetEnvironmentVariable);
            return _settings.IsOn ? Reply(_happened) : _client.Allow(name);
        }
        catch (Exception failure)
        {
            return Fail(Trouble(failure));
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
            place => HookStores.Open(place, process.Id, happened.Folder), Variable);
        return _client.Write(happened, HookPolicy.Decide(new Hook
        {
            Happened = happened,
            Client = _client,
            Settings = _settings,
            Places = places,
            Process = process.Id,
            ProcessStarted = process.StartedAt,
            Environment = Variable,
            Program = InstallScopes.ProgramText(),
            Clock = TimeProvider.System,
            Cancel = cancel.Token,
        }));
    }

    // What a settings file says holds as if the variable were set.
    private string? Variable(string name) =>
        name == WorkTreeNaming.Variable ? _settings.WorkTrees : Environment.GetEnvironmentVariable(name);

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
        Count();
        Out.Complain($"hook {_client.Name} {name}: {trouble}");
        bool changes = _happened is not { Tool: { } tool }
            || tool.Changes.Count > 0 || tool.Command is not null || tool.Trouble is not null;
        return _client.CanBlock(name) && changes && _settings.BlocksOnFailure
            ? _client.Refuse(name, Messages.Failed(trouble)) : _client.Allow(name);
    }

    // Of no use to the agent, so its failure is none.
    private static void Count()
    {
        try
        {
            if (Locator.Here(cwd: null, Environment.GetEnvironmentVariable).Place is { } place)
            {
                using var memory = AgentMemory.Open(place);
                memory.Count("failures", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
        catch (Exception)
        {
            // What failed is on stderr already.
        }
    }

    private static string Trouble(Exception failure) => failure switch
    {
        JsonException => $"what the client sent is no JSON: {failure.Message}",
        FormatException => $"what the client sent is not understood: {failure.Message}",
        NotUnderstoodException => $"it is not known what would be changed: {failure.Message}",
        OperationCanceledException => "it was ended while it waited",
        KlockException or CliFailure or IOException or UnauthorizedAccessException or SqliteException or InvalidDataException
            => failure.Message,
        _ => $"this is a defect in Klock: {failure.GetType().Name}, {failure.Message}",
    };

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
