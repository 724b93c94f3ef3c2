using System.Diagnostics;

namespace Klock.Cli.Tests.Support;

/// <summary>A folder in which klock is run, with an environment that has nothing of the tester's own Klock; gone after the test.</summary>
internal sealed class Place : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("klock-cli-").FullName;

    public Place()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_top, "repo")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_top, "home")).FullName;
    }

    /// <summary>Where klock is run.</summary>
    public string Folder { get; }

    /// <summary>The user's home.</summary>
    public string Home { get; }

    /// <summary>The folder above both.</summary>
    public string Top => _top;

    /// <summary>Variables for klock; null removes one.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>A place that is a git repository.</summary>
    public static Place InGit()
    {
        var place = new Place();
        place.Git("init", "--quiet");
        return place;
    }

    /// <summary>A path in the folder.</summary>
    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs klock to its end.</summary>
    public Ran Klock(params string[] arguments) => Klock(Folder, "", arguments);

    /// <summary>Runs klock with this on stdin.</summary>
    public Ran KlockWith(string input, params string[] arguments) => Klock(Folder, input, arguments);

    /// <summary>Runs klock in a folder.</summary>
    public Ran KlockIn(string folder, params string[] arguments) => Klock(folder, "", arguments);

    /// <summary>Starts klock and leaves it running.</summary>
    /// <remarks>SIGINT is ignored from the start in a script's background job, and klock would leave it so.</remarks>
    public Running Start(params string[] arguments) => StartOther("env", ["--default-signal=INT", Repo.Klock, .. arguments]);

    /// <summary>Starts any program, in the same folder and environment.</summary>
    public Running StartOther(string program, params string[] arguments) => new(StartInfo(program, Folder, arguments));

    public void Git(params string[] arguments)
    {
        using var git = new Running(StartInfo("git", Folder, arguments));
        Ran ran = git.End();
        Assert.True(ran.Code == 0, ran.Error);
    }

    /// <summary>Commits a file.</summary>
    public void Commit()
    {
        File.WriteAllText(At("a.ts"), "");
        Git("add", "-A");
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "first");
    }

    public void Dispose() => Directory.Delete(_top, recursive: true);

    private Ran Klock(string folder, string input, string[] arguments)
    {
        using var klock = new Running(StartInfo(Repo.Klock, folder, arguments));
        return klock.End(input);
    }

    private ProcessStartInfo StartInfo(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsKlocks).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Home;
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Repo.Klock)}:{start.Environment["PATH"]}";
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static bool IsKlocks(string name) =>
        name.StartsWith("KLOCK_", StringComparison.Ordinal) || name.StartsWith("GIT_", StringComparison.Ordinal)
        || name == "XDG_STATE_HOME";
}
