namespace Klock.Build.Making;

/// <summary>
/// One file that is compiled ahead of time: the slow part of a build, so it is skipped when nothing it is made of has changed.
/// </summary>
/// <param name="Step">One word, unique.</param>
/// <param name="Project">The project that is published; it puts the file where it belongs.</param>
/// <param name="Output">The file.</param>
/// <param name="Inputs">What it is made of besides the layers that every product has.</param>
internal sealed record NativeProduct(string Step, string Project, string Output, params string[] Inputs)
{
    private static readonly string[] _shared =
    [
        Repo.At("src", "Directory.Build.props"),
        Repo.At("src", "Machine.props"),
        Repo.At("src", "Shared"),
        Repo.At("src", "Klock.Kernel"),
        Repo.At("src", "Klock.Coordinator"),
        Repo.At("src", "Klock.Storage.Sqlite"),
        Repo.At("src", "Klock.Client"),
        Repo.At("src", "Klock.Agents"),
        Repo.At("global.json"),
        Repo.At("Directory.Build.props"),
        Repo.At("Directory.Build.targets"),
        Repo.At("Directory.Packages.props"),
    ];

    /// <summary>A file that the project makes beside it; null for none.</summary>
    public string? AlsoMade { get; init; }

    /// <summary>Makes it.</summary>
    /// <exception cref="BuildFailure">It does not compile, or the project put it elsewhere.</exception>
    public async Task MakeAsync(CancellationToken cancel, params string[] properties)
    {
        Stamp stamp = new(Step, [.. _shared, .. Inputs], () => AlsoMade is null ? [Output] : [Output, AlsoMade]);
        if (stamp.IsFresh())
        {
            Running.Step.UpToDate(Step);
            return;
        }

        await Running.Step.RunAsync(Step, cancel, Dotnet.Restore(Project, properties), Dotnet.Publish(Project, properties));
        if (!File.Exists(Output))
        {
            throw new BuildFailure($"[{Step}] ended well and made no {Path.GetRelativePath(Repo.Top, Output)}.");
        }

        stamp.Record();
    }
}
