using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Predicates;

namespace Klock.Cli.Running;

/// <summary>Shows a person at a terminal for whom a request waits, since when, and for how long.</summary>
internal sealed class WaitingNotice : IDisposable
{
    private const string ClearLine = "\r\x1b[K";

    // Each resource costs a request every second: for a long manifest only the first ones are checked.
    private const int MostLookedAt = 16;

    // Most waits end before this.
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly ITransport _transport;
    private readonly LeaseRequest _asked;
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private string? _shown;

    private WaitingNotice(ITransport transport, LeaseRequest asked)
    {
        (_transport, _asked) = (transport, asked);
        _thread = new Thread(Show) { IsBackground = true, Name = "waiting notice" };
        _thread.Start();
    }

    /// <summary>Shows it until it is disposed; null where nobody would read it, or no thread can be started.</summary>
    public static WaitingNotice? Start(ITransport transport, LeaseRequest asked)
    {
        try
        {
            return Out.IsErrorTerminal ? new WaitingNotice(transport, asked) : null;
        }
        catch (Exception none) when (none is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _over.Set();
        _thread.Join();
        if (_shown is not null && !Screen.IsDumb)
        {
            Write(ClearLine);
        }

        _over.Dispose();
    }

    private void Show()
    {
        for (TimeSpan pause = _first; !_over.Wait(pause); pause = _pause)
        {
            string holders = InTheWay();
            if (Screen.IsDumb)
            {
                // A terminal that cannot overwrite a line: it is written once, and again when somebody else holds the lease.
                if (holders != _shown)
                {
                    Out.Complain($"waiting for {holders}.");
                }
            }
            else
            {
                TimeSpan passed = TimeProvider.System.GetElapsedTime(_start);
                string time = $"{TimeText.Short((long)passed.TotalMilliseconds)} of {TimeText.Short(_asked.WaitMs)}";
                var line = new Cell($"klock: waiting for {holders}; {time}", Tone.Waiting);
                Write(ClearLine + TerminalTables.Line(line, Screen.Columns - 1));
            }

            _shown = holders;
        }
    }

    private string InTheWay()
    {
        try
        {
            JsonElement[] held = [.. _asked.Wanted.Take(MostLookedAt).SelectMany(InTheWayOf)];
            string more = held.Length > 1 ? $", and {held.Length - 1} more" : "";
            return held.Length == 0 ? $"{_asked.Wanted[0].Resource}, behind others in the queue" : Describe(held[0]) + more;
        }
        catch (Exception failure) when (failure is CliFailure or ObjectDisposedException or OperationCanceledException)
        {
            return _asked.Wanted[0].Resource.ToString();
        }
    }

    private IEnumerable<JsonElement> InTheWayOf(Wanted wanted)
    {
        Answer answer = _transport.Ask(Operation.ListLeases, Request.Of(("resource", wanted.Resource.ToString())));
        return answer.Outcome.IsSuccess && PredicateNames.TryParse(wanted.Predicate, out Predicate asked)
            ? answer.Data.EnumerateArray().Where(lease =>
                PredicateNames.TryParse(lease.GetProperty("predicate").GetString(), out Predicate held)
                && Compatibility.Conflicts(asked, held) && !IsOwn(lease))
            : [];
    }

    // What a session holds itself does not block it.
    private bool IsOwn(JsonElement lease) =>
        lease.GetProperty("agent_id").GetString() == _asked.Agent && lease.GetProperty("session_id").GetString() == _asked.Session;

    private static string Describe(JsonElement lease)
    {
        long since = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - lease.GetProperty("acquired_at").GetInt64();
        string note = lease.TryGetProperty("note", out JsonElement text) && text.GetString() is { Length: > 0 } why ? $" (\"{why}\")" : "";
        return $"{lease.GetProperty("resource").GetString()}, held by {lease.GetProperty("agent_id").GetString()} "
            + $"for {TimeText.Short(since)}{note}";
    }

    private static void Write(string text) => Descriptor.Write(Descriptor.Stderr, System.Text.Encoding.UTF8.GetBytes(text));
}
