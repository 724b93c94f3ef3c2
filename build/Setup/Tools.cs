using Klock.Build.Running;

namespace Klock.Build.Setup;

/// <summary>The programs that a build needs and that are not .NET: found once, or one clear line that says what to install.</summary>
internal static class Tools
{
    private static readonly Version _oldestPython = new(3, 9);

    /// <summary>Debian's own Python where there is one: a pyenv in front of it would not see the packages that apt brings.</summary>
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3"
        : OperatingSystem.IsWindows() ? "python" : "python3";

    /// <summary>What must be there to make dist/.</summary>
    /// <exception cref="BuildFailure">Something is missing or too old; all of it is named.</exception>
    public static async Task RequireForBuildAsync(CancellationToken cancel)
    {
        List<string> missing = [];
        if (!OperatingSystem.IsWindows() && FindOnPath("cc") is null)
        {
            missing.Add("a C compiler as 'cc' (Debian: gcc libc6-dev)");
        }

        Version? python = await VersionOfAsync(Python, cancel);
        if (python is null || python < _oldestPython)
        {
            missing.Add($"Python {_oldestPython} or newer as '{Python}' (Debian: python3), found {python?.ToString() ?? "none"}");
        }

        if (FindOnPath("npm") is null)
        {
            missing.Add("npm, which brings the source of SQLite and what builds the dashboard (Debian: npm)");
        }

        if (missing.Count > 0)
        {
            throw new BuildFailure("This machine lacks: " + string.Join("; ", missing) + ".", BuildFailure.NotRight);
        }
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? FindOnPath(string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending))).FirstOrDefault(File.Exists);
    }

    /// <summary>True when Python can import the module.</summary>
    public static async Task<bool> PythonHasAsync(string module, CancellationToken cancel)
    {
        using StringWriter output = new();
        return await new Child(Python, "-c", $"import {module}").RunLoggedAsync(output, cancel) == 0;
    }

    private static async Task<Version?> VersionOfAsync(string program, CancellationToken cancel)
    {
        if (!File.Exists(program) && FindOnPath(program) is null)
        {
            return null;
        }

        using StringWriter output = new();
        await new Child(program, "--version").RunLoggedAsync(output, cancel);
        Version? version = null;
        return Array.Find(output.ToString().Split(), word => Version.TryParse(word, out version)) is null ? null : version;
    }
}
