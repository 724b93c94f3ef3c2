using System.Diagnostics;

namespace Klock.Cli.Bench;

/// <summary>A whole <c>klock hook</c> before an edit, beside a whole <c>klock acquire</c> on the same store.</summary>
/// <remarks>
/// The store has 1,000 leases, and hooks remember 100,000 contents that agents have read. The programs take turns; every one is about
/// another file.
/// </remarks>
internal sealed class HookCost : IDisposable
{
    private const int Rounds = 200;
    private const int Leases = 1_000;
    private const int LeasesACommand = 250;
    private const int Contents = 100_000;
    private const double Goal = 1.3;

    private readonly string _folder = Directory.CreateTempSubdirectory("klock-bench-").FullName;
    private int _files;

    private static string Klock => Path.Combine(StartUp.FindTop(AppContext.BaseDirectory), "dist", "bin", "klock");

    private string Store => Path.Combine(_folder, ".git", "klock");

    public void Run()
    {
        Fill();
        double[] hooks = new double[Rounds], acquires = new double[Rounds], afters = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            acquires[i] = Spawn.Run(Acquire(1));
            string before = Event("PreToolUse"), after = Event("PostToolUse");
            hooks[i] = Spawn.Run([Klock, "hook", "claude", "PreToolUse"], before);
            afters[i] = Spawn.Run([Klock, "hook", "claude", "PostToolUse"], after);
            _files++;
        }

        Console.WriteLine($"whole processes, p50 of {Rounds} each, in turns; {Leases:N0} leases held, {Contents:N0} contents remembered");
        StartUp.Show("klock acquire", acquires);
        StartUp.Show("klock hook, before an edit", hooks);
        StartUp.Show("klock hook, after an edit", afters);
        StartUp.ShowRatio("hook before an edit / acquire", StartUp.Median(hooks) / StartUp.Median(acquires), Goal, isMost: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Fill()
    {
        Process.Start("git", ["init", "-q", _folder])!.WaitForExit();
        Spawn.Run([Klock, "hook", "claude", "PreToolUse"], Event("PreToolUse"));
        _files++;
        for (int held = 0; held < Leases; held += LeasesACommand)
        {
            Spawn.Run(Acquire(LeasesACommand));
        }

        // By the clock of now, so that nothing is forgotten for its age.
        string fill = $"""
            import sqlite3, time
            db = sqlite3.connect('{Store}/hooks.db')
            now = int(time.time() * 1000)
            db.executemany('INSERT INTO contents VALUES (?, ?, ?, ?)',
                ((f'claude:agent-{"{i % 100}"}', f'FILE:old/{"{i}"}', 'x' * 32, now) for i in range({Contents})))
            db.commit()
            """;
        Process.Start("/usr/bin/python3", ["-c", fill])!.WaitForExit();
    }

    private string[] Acquire(int files) =>
    [
        Klock, "acquire", "--raw", "--ttl", "1h", "--agent", "bench", "--session", "s", "--storage", $"sqlite:{Store}/klock.db",
        .. Enumerable.Range(0, files).SelectMany(_ => (string[])["--file", $"held/{_files++}"]),
    ];

    private string Event(string name)
    {
        string file = Path.Combine(_folder, $"{name}.json"), edited = Path.Combine(_folder, $"file-{_files}.txt");
        File.WriteAllText(edited, "one\n");
        string call = $"\"tool_input\":{{\"file_path\":\"{edited}\",\"old_string\":\"one\",\"new_string\":\"two\"}}";
        File.WriteAllText(file, $"{{\"session_id\":\"bench\",\"cwd\":\"{_folder}\",\"hook_event_name\":\"{name}\","
            + $"\"tool_name\":\"Edit\",\"tool_use_id\":\"call-{_files}\",{call}}}");
        return file;
    }
}
