using System.Globalization;
using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>The whole terminal for <c>klock watch</c>: who holds, who waits, what happened, kept up to date until <c>q</c>.</summary>
/// <param name="place">Where the state is, for the first line.</param>
/// <param name="pause">How often to look.</param>
/// <param name="look">Looks.</param>
internal sealed class WatchScreen(string place, TimeSpan pause, Func<Snapshot> look)
{
    // The other screen of a terminal, which has no history, and no cursor on it.
    private const string Enter = "\x1b[?1049h\x1b[?25l";
    private const string Leave = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string ToLineEnd = "\x1b[K";
    private const string ToScreenEnd = "\x1b[J";

    private const int OtherLines = 3;

    // Keys are heard at once; a window that got another size, or a signal, within this time.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _lines = [];
    private (int Columns, int Rows) _size;
    private string? _trouble;
    private int _first;
    private bool _hasKeys;
    private bool _isOver;
    private volatile bool _isToStop;

    /// <summary>Ctrl-Z: the terminal is given back as it was until klock is continued. Thread-safe.</summary>
    public void StopSoon() => _isToStop = true;

    /// <summary>Shows until q, Escape or the end of the keyboard; or until it is cancelled.</summary>
    /// <exception cref="CliFailure">There was nothing to be seen from the start, or there is no more.</exception>
    public void Run(CancellationToken cancel)
    {
        Snapshot now = look();
        Begin();
        try
        {
            Fill(now);
            while (true)
            {
                Draw();
                WaitFor(now, cancel);
                if (_isOver || cancel.IsCancellationRequested)
                {
                    return;
                }

                now = LookAgain() ?? now;
                Fill(now);
            }
        }
        finally
        {
            End();
        }
    }

    // A server that starts anew is waited for: what is shown is then what it told last.
    private Snapshot? LookAgain()
    {
        try
        {
            Snapshot now = look();
            _trouble = null;
            return now;
        }
        catch (Unreachable gone)
        {
            _trouble = gone.Message;
            return null;
        }
    }

    private void Begin()
    {
        _hasKeys = NativeCalls.StartKeys() != 0;
        Write(Enter);
    }

    private void End()
    {
        Write(Leave);
        NativeCalls.EndKeys();
    }

    private void WaitFor(Snapshot now, CancellationToken cancel)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (TimeSpan left = pause; left > TimeSpan.Zero && !_isOver && !cancel.IsCancellationRequested;)
        {
            if (_isToStop)
            {
                _isToStop = false;
                End();
                NativeCalls.StopSelf();
                Begin();
                return;
            }

            TimeSpan once = left < _tick ? left : _tick;
            if (_hasKeys)
            {
                Press(NativeCalls.ReadKeys(once));
            }
            else
            {
                cancel.WaitHandle.WaitOne(once);
            }

            if (_size != (Screen.Columns, Screen.Rows))
            {
                Fill(now);
                Draw();
            }

            left = pause - TimeProvider.System.GetElapsedTime(start);
        }
    }

    // As less(1) and others have them. A terminal sends arrows as ESC [ A, in another mode as ESC O A.
    private void Press(string? keys)
    {
        int page = Math.Max(1, _size.Rows - OtherLines);
        int? to = keys?.Replace("\x1bO", "\x1b[", StringComparison.Ordinal) switch
        {
            null or "q" or "Q" or "\x1b" => Quit(),
            "" => null,
            "k" or "\x1b[A" => _first - 1,
            "j" or "\x1b[B" or "\r" or "\n" => _first + 1,
            "b" or "\x1b[5~" => _first - page,
            " " or "f" or "\x1b[6~" => _first + page,
            "g" or "\x1b[H" or "\x1b[1~" => 0,
            "G" or "\x1b[F" or "\x1b[4~" => _lines.Count,
            _ => null,
        };
        if (to is { } first)
        {
            _first = first;
            Draw();
        }
    }

    private int? Quit()
    {
        _isOver = true;
        return null;
    }

    private void Fill(Snapshot now)
    {
        _size = (Screen.Columns, Screen.Rows);
        _lines.Clear();
        foreach (Table table in now.ToTables())
        {
            // What happened last is what one looks for.
            Table shown = table with
            {
                Title = $"{table.Title} ({table.Rows.Count})", Rows = table.Title == "Events" ? [.. table.Rows.Reverse()] : table.Rows,
            };
            _lines.AddRange(TerminalTables.RenderTitled(shown, _size.Columns));
            _lines.Add("");
        }
    }

    private void Draw()
    {
        int page = Math.Max(1, _size.Rows - OtherLines), last = Math.Max(0, _lines.Count - page);
        _first = Math.Clamp(_first, 0, last);
        string time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string keys = _hasKeys ? "q quit  arrows, space, b scroll" : "";
        string where = last > 0 ? $"  {_first + 1}-{Math.Min(_first + page, _lines.Count)} of {_lines.Count}" : "";
        string[] shown =
        [
            TerminalTables.Line(
                _trouble is null ? new Cell($"klock watch  {time}  {place}", Tone.Head) : new Cell(_trouble, Tone.Warning), _size.Columns),
            "",
            .. _lines.Skip(_first).Take(page),
        ];
        string foot = TerminalTables.Line(new Cell(keys + where, Tone.Quiet), _size.Columns);
        Write(Home + string.Concat(shown.Select(line => line + ToLineEnd + "\r\n")) + ToScreenEnd + $"\x1b[{_size.Rows};1H{foot}{ToLineEnd}");
    }

    private static void Write(string text) => Descriptor.Write(Descriptor.Stdout, System.Text.Encoding.UTF8.GetBytes(text));
}
