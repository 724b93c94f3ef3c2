namespace Klock.Build.Running;

/// <summary>A named part of the build: one line when it starts, one with its duration when it ends, the log only if it fails.</summary>
internal static class Step
{
    private const int TailLines = 60;

    /// <summary>Runs <paramref name="children"/> one after the other into artifacts/logs/NAME.log.</summary>
    /// <exception cref="BuildFailure">One ended with another code than 0; the tail of the log has been shown.</exception>
    public static Task RunAsync(string name, CancellationToken cancel, params Child[] children) =>
        RunAsync(name, log => RunAllAsync(name, log, children, cancel));

    /// <summary>Runs <paramref name="work"/>, which may write to the step's log.</summary>
    public static async Task RunAsync(string name, Func<TextWriter, Task> work)
    {
        Console.WriteLine($"[{name}] ...");
        long start = Duration.Start();
        string path = LogPath(name);
        Directory.CreateDirectory(Repo.Logs);
        try
        {
            await using StreamWriter log = new(path) { AutoFlush = true };
            await work(log);
        }
        catch (BuildFailure)
        {
            ShowTail(path);
            throw;
        }

        Console.WriteLine($"[{name}] {Duration.Text(Duration.Since(start))}");
    }

    /// <summary>Runs one program of a step that does more than run programs, into the step's log.</summary>
    /// <exception cref="BuildFailure">It ended with another code than 0.</exception>
    public static async Task RunOneAsync(string name, TextWriter log, Child child, CancellationToken cancel)
    {
        await log.WriteLineAsync($"$ {child}");
        int code = await child.RunLoggedAsync(log, cancel);
        if (code != 0)
        {
            throw new BuildFailure($"[{name}] failed: {child.Program} ended with {code}. Log: {Relative(name)}");
        }
    }

    /// <summary>Says that there was nothing to do.</summary>
    public static void UpToDate(string name) => Console.WriteLine($"[{name}] up to date");

    /// <summary>The log of the step, whether it exists or not.</summary>
    public static string LogPath(string name) => Path.Combine(Repo.Logs, name + ".log");

    private static async Task RunAllAsync(string name, TextWriter log, Child[] children, CancellationToken cancel)
    {
        foreach (Child child in children)
        {
            await RunOneAsync(name, log, child, cancel);
        }
    }

    private static void ShowTail(string path)
    {
        string[] lines = File.ReadAllLines(path);
        foreach (string line in lines.TakeLast(TailLines))
        {
            Console.Error.WriteLine("    " + line);
        }
    }

    private static string Relative(string name) => Path.GetRelativePath(Repo.Top, LogPath(name));
}
