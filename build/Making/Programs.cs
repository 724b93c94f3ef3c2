namespace Klock.Build.Making;

/// <summary>The programs in dist/bin.</summary>
internal static class Programs
{
    private static readonly NativeProduct _server = new(
        "server", Repo.At("src", "Klock.Server", "Klock.Server.csproj"), Repo.Program("klock-server"), Repo.At("src", "Klock.Server"));

    /// <summary>Makes all of them.</summary>
    public static Task MakeAsync(CancellationToken cancel) => _server.MakeAsync(cancel);
}
