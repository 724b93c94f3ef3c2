using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Klock.Cli.Failures;
using Klock.Cli.Output;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>The whole terminal for <c>klock watch</c>: who holds, who waits, what happened, kept up to date until <c>q</c>.</summary>
/// <param name="place">Where the state is, for the first line.</param>
/// <param name="looker">Polls.</param>
[SupportedOSPlatform("linux")]
internal sealed class WatchScreen(string place, Looker looker)
{
    // The alternate screen of a terminal, which has no history, with the cursor hidden.
    private const string Enter = "\x1b[?1049h\x1b[?25l";
    private const string Leave = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string ClearLine = "\x1b[K";
    private const string ToScreenEnd = "\x1b[J";

    private const string Help = "q quit  arrows, space, b scroll";

    // The first line, the one beneath it, and the last.
    private const int OtherLines = 3;

    // Keys are handled at once; news, a resized window or a signal within this time.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _lines = [];
    private Looker.View _view = looker.Latest;
    private (int Columns, int Rows) _size;
    private int _first;
    private bool _isOver;
    private volatile bool _isToStop;

    /// <summary>Ctrl-Z: the terminal is restored until klock is continued. Thread-safe.</summary>
    public void StopSoon() => _isToStop = true;

    /// <summary>Runs until q, the end of the terminal, or its cancellation.</summary>
    /// <exception cref="CliFailure">There will be no newer snapshot.</exception>
    public void Run(CancellationToken cancel)
    {
        while (!_isOver && !cancel.IsCancellationRequested)
        {
            if (_isToStop)
            {
                _isToStop = false;
                NativeCalls.StopSelf();
            }

            // However it ends, the terminal is restored.
            using var keys = new Keys();
            try
            {
                Write(Enter);
                Show(keys, cancel);
            }
            finally
            {
                Write(Leave);
            }
        }
    }

    private void Show(Keys keys, CancellationToken cancel)
    {
        Fill();
        Draw();
        while (!_isOver && !_isToStop && !cancel.IsCancellationRequested)
        {
            bool isChanged = false;
            foreach (string key in keys.Read(_tick))
            {
                Press(key);
                isChanged = true;
            }

            _isOver |= keys.IsOver;
            if (_view != looker.Latest || _size != (Screen.Columns, Screen.Rows))
            {
                _view = looker.Latest;
                _view.Failure?.Throw();
                Fill();
                isChanged = true;
            }

            if (isChanged)
            {
                Draw();
            }
        }
    }

    // The keys of less(1) and others. A terminal sends arrows as ESC [ A, in another mode as ESC O A.
    private void Press(string key)
    {
        int page = Math.Max(1, _size.Rows - OtherLines);
        _isOver |= key is "q" or "Q";
        _first = key.Replace("\x1bO", "\x1b[", StringComparison.Ordinal) switch
        {
            "k" or "\x1b[A" => _first - 1,
            "j" or "\x1b[B" or "\r" or "\n" => _first + 1,
            "b" or "\x1b[5~" => _first - page,
            " " or "f" or "\x1b[6~" => _first + page,
            "g" or "\x1b[H" or "\x1b[1~" => 0,
            "G" or "\x1b[F" or "\x1b[4~" => _lines.Count,
            _ => _first,
        };
        _first = Math.Clamp(_first, 0, Math.Max(0, _lines.Count - page));
    }

    private void Fill()
    {
        _size = (Screen.Columns, Screen.Rows);
        _lines.Clear();
        foreach (Table table in _view.Now.ToTables())
        {
            // The newest event is what one looks for.
            Table shown = table with
            {
                Title = $"{table.Title} ({table.Rows.Count})", Rows = table.Title == "Events" ? [.. table.Rows.Reverse()] : table.Rows,
            };
            IEnumerable<string> lines = TerminalTables.RenderTitled(shown, _size.Columns);
            _lines.AddRange(table.Rows.Count > 0 ? lines : lines.Take(1));
            _lines.Add("");
        }
    }

    private void Draw()
    {
        int page = Math.Max(1, _size.Rows - OtherLines), last = Math.Max(0, _lines.Count - page);
        _first = Math.Clamp(_first, 0, last);
        string time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string where = last > 0 ? $"  {_first + 1}-{Math.Min(_first + page, _lines.Count)} of {_lines.Count}" : "";
        Cell top = _view.Trouble is { } trouble ? new Cell(trouble, Tone.Warning) : new Cell($"klock watch  {time}  {place}", Tone.Head);
        string[] shown = [TerminalTables.Line(top, _size.Columns), "", .. _lines.Skip(_first).Take(page)];
        string foot = TerminalTables.Line(new Cell(Help + where, Tone.Quiet), _size.Columns);
        string body = string.Concat(shown.Select(line => ClearLine + line + "\r\n"));
        Write($"{Home}{body}{ToScreenEnd}\x1b[{_size.Rows};1H{foot}");
    }

    private static void Write(string text) => Descriptor.Write(Descriptor.Stdout, Encoding.UTF8.GetBytes(text));
}
