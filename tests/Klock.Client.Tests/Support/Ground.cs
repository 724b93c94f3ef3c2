using System.Diagnostics;
using Klock.Client.Files;

namespace Klock.Client.Tests.Support;

/// <summary>A folder for repositories, gone after the test.</summary>
public sealed class Ground : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Its real path.</summary>
    public string Top { get; } = RealPath.Resolve(Directory.CreateTempSubdirectory("klock-client-").FullName);

    public string At(params string[] parts) => Path.Combine([Top, .. parts]);

    public string Folder(params string[] parts) => Directory.CreateDirectory(At(parts)).FullName;

    public string Write(string text, params string[] parts)
    {
        Folder(parts[..^1]);
        File.WriteAllText(At(parts), text);
        return At(parts);
    }

    /// <summary>A new repository with one commit.</summary>
    public string Repository(params string[] parts)
    {
        string folder = Folder(parts);
        Git(folder, "init", "--quiet", "--initial-branch=main");
        Commit(folder);
        return folder;
    }

    public void Commit(string folder)
    {
        File.AppendAllText(Path.Combine(folder, "a.c"), "a\n");
        Git(folder, "add", "a.c");
        Git(folder, "commit", "--quiet", "-m", "change");
    }

    /// <summary>Adds a submodule and commits it.</summary>
    public string Submodule(string super, string of, string path, params string[] options)
    {
        Git(super, ["submodule", "--quiet", "add", .. options, of, path]);
        Git(super, "commit", "--quiet", "-m", "submodule");
        return Path.Combine(super, path);
    }

    /// <summary>Runs git, which must end well; what it wrote, without its last line feed.</summary>
    public string Git(string folder, params string[] arguments)
    {
        string[] settings =
        [
            "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always", "-c", "advice.addEmbeddedRepo=false",
        ];
        var start = new ProcessStartInfo("git", [.. settings, .. arguments])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Top;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using Process git = Process.Start(start)!;
        Task<string> error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        Assert.True(git.WaitForExit(_patience), "git runs on");
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
        return output.TrimEnd('\n');
    }

    public void Dispose() => Directory.Delete(Top, recursive: true);
}
