using System.CommandLine;
using Klock.Cli.Doors;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>A live view: who holds, who waits, what happened last.</summary>
internal static class WatchVerb
{
    private static readonly DurationOption _interval = new("--interval", "How often to look", "1s");

    private static readonly Option<int> _last = Snapshot.LastOption(10);

    private static readonly Option<bool> _once = new("--once") { Description = "Look once" };

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
        using IDoor door = CommonOptions.OpenDoor(result, asked: []);
        using var signals = new Signals(listens: true);
        bool json = result.GetValue(CommonOptions.Json);
        int last = result.GetValue(_last);
        var pause = TimeSpan.FromMilliseconds(Math.Max(1, _interval.MsOf(result)));
        if (result.GetValue(_once))
        {
            Show(Snapshot.Take(door, resource: null, last), json);
            return ExitCode.Done;
        }

        if (Out.IsTerminal && !json)
        {
            bool isFirst = true;
            TerminalTables.Live(() =>
            {
                bool isOver = !isFirst && signals.Token.WaitHandle.WaitOne(pause);
                isFirst = false;
                return isOver ? null : Snapshot.Take(door, resource: null, last).ToTables();
            });
        }
        else
        {
            Follow(door, last, pause, json, signals.Token);
        }

        return signals.First is { } signal ? ExitCode.Signal + signal : ExitCode.Done;
    }

    private static void Follow(IDoor door, int last, TimeSpan pause, bool json, CancellationToken cancel)
    {
        long shown = -1;
        do
        {
            Snapshot now = Snapshot.Take(door, resource: null, last);
            if (now.Sequence != shown)
            {
                if (shown >= 0 && !json)
                {
                    Out.Line("");
                }

                Show(now, json);
                shown = now.Sequence;
            }
        }
        while (!cancel.WaitHandle.WaitOne(pause));
    }

    private static void Show(Snapshot snapshot, bool json)
    {
        if (json)
        {
            Out.Write(snapshot.ToJson(resource: null));
        }
        else
        {
            snapshot.Show();
        }
    }
}
