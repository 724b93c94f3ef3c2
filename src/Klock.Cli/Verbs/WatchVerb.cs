using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Cli.Transports;
using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>A live view: who holds, who waits, what happened last.</summary>
internal static class WatchVerb
{
    // A day. A wait for a handle may last 24 of them at the most.
    private const long LongestPauseMs = 24 * 60 * 60 * 1_000;

    private static readonly DurationOption _interval = new("--interval", "How often to look", "1s", 10, LongestPauseMs);

    private static readonly NumberOption _last = Snapshot.LastOption(10);

    private static readonly Flag _once = new("--once", "Look once");

    public static Command Create()
    {
        var verb = new Command("watch", "Watch who holds, who waits and what happens. In a pipe: again whenever something has changed.")
        {
            _interval, _last, _once,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        Address address = CommonOptions.AddressOf(result, asked: []);
        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        using var signals = new Signals(listens: true);
        bool json = result.GetValue(CommonOptions.Json);
        long last = _last.Of(result);
        var pause = TimeSpan.FromMilliseconds(_interval.MsOf(result));
        try
        {
            if (result.GetValue(_once))
            {
                Show(Snapshot.Take(transport, resource: null, last, cancel: signals.Token), json);
            }
            else if (OperatingSystem.IsLinux() && Out.IsTerminal && !Screen.IsDumb && !json)
            {
                Snapshot? before = null;
                using var looker = new Looker(
                    pause, cancel => before = Snapshot.Take(transport, resource: null, last, before, cancel), signals.Token);
                var screen = new WatchScreen(address.Text, looker);
                signals.StopWith(screen.StopSoon);
                screen.Run(signals.Token);
            }
            else
            {
                Follow(transport, last, pause, json, signals.Token);
            }
        }
        catch (OperationCanceledException) when (signals.First is not null)
        {
            // The exit code says it.
        }

        return signals.First is { } signal ? ExitCode.Signal + signal : ExitCode.Done;
    }

    private static void Follow(ITransport transport, long last, TimeSpan pause, bool json, CancellationToken cancel)
    {
        Snapshot? shown = null;
        do
        {
            Snapshot now = Look(transport, last, shown, cancel);
            if (now.Sequence != shown?.Sequence)
            {
                if (shown is not null && !json)
                {
                    Out.Line("");
                }

                Show(now, json);
            }

            shown = now;
        }
        while (!cancel.WaitHandle.WaitOne(pause));
    }

    // A server that restarts is waited for, however long that takes; one that never answered is not.
    private static Snapshot Look(ITransport transport, long last, Snapshot? before, CancellationToken cancel) => RideOut.Run(
        transport.Clock, TimeSpan.MaxValue, TimeSpan.Zero, Out.ComplainOf,
        _ => Snapshot.Take(transport, resource: null, last, before, cancel), cancel);

    private static void Show(Snapshot snapshot, bool json)
    {
        if (json)
        {
            Out.Write(snapshot.ToJson(_ => { }));
        }
        else
        {
            Out.Tables(snapshot.ToTables());
        }
    }
}
