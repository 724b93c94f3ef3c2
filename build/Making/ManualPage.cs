using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>The manual page klock(1) in dist/share/man, which the command line itself prints.</summary>
internal static class ManualPage
{
    private static readonly string _output = Path.Combine(Repo.Dist, "share", "man", "man1", "klock.1");

    /// <summary>Makes it.</summary>
    /// <exception cref="BuildFailure">The command line does not write it.</exception>
    public static Task MakeAsync(CancellationToken cancel) => Step.RunAsync("manual", async log =>
    {
        Child writer = new(Repo.Program("klock"), "man");
        await log.WriteLineAsync($"$ {writer}");
        Directory.CreateDirectory(Path.GetDirectoryName(_output)!);
        await using StreamWriter page = new(_output);
        if (await writer.RunLoggedAsync(page, cancel) != 0)
        {
            throw new BuildFailure("[manual] klock wrote no manual page.");
        }
    });
}
