namespace Klock.Build.Making;

/// <summary>The programs in dist/bin.</summary>
internal static class Programs
{
    private static readonly NativeProduct _cli = new(
        "cli", Repo.At("src", "Klock.Cli", "Klock.Cli.csproj"), Repo.Program("klock"), CliInputs);

    private static readonly NativeProduct _server = new(
        "server", Repo.At("src", "Klock.Server", "Klock.Server.csproj"), Repo.Program("klock-server"), ServerInputs)
        {
            AlsoMade = Machine.Host.Notices,
        };

    private static readonly NativeProduct _hello = new(
        "hello", Repo.At("tests", "Klock.Hello", "Klock.Hello.csproj"), Repo.At("artifacts", "bench", "klock-hello"),
        Repo.At("tests", "Klock.Hello"));

    private static readonly NativeProduct _bareRoute = new(
        "bare-route", Repo.At("tests", "Klock.BareRoute", "Klock.BareRoute.csproj"), Repo.At("artifacts", "bench", "klock-bare-route"),
        Repo.At("tests", "Klock.BareRoute"));

    private static readonly NativeProduct _storageBench = new(
        "storage-bench", Repo.At("tests", "Klock.Storage.Bench", "Klock.Storage.Bench.csproj"), StorageBench,
        Repo.At("tests", "Klock.Storage.Bench"), Repo.At("src", "Klock.Storage.Journal"),
        Repo.At("tests", "Klock.Storage.Tests", "Replicated", "OnFile"),
        Repo.At("tests", "Klock.Storage.Tests", "Replicated", "ForwardingJournal.cs"));

    /// <summary>What klock is made of beside the layers that every product has.</summary>
    public static string[] CliInputs => [Repo.At("src", "Klock.Cli")];

    /// <summary>What klock-server is made of beside them.</summary>
    public static string[] ServerInputs =>
    [
        Repo.At("src", "Klock.Server"), Repo.At("src", "Klock.Storage.Journal"), Repo.At("src", "Klock.Storage.Etcd"),
        Repo.At("src", "Klock.Storage.Postgres"), Dashboard.Output, Repo.At("THIRD-PARTY-NOTICES.txt"),
    ];

    /// <summary>The benchmark of the SQLite store. It runs processes: compiled at run time, that would be measured too.</summary>
    public static string StorageBench => Repo.At("artifacts", "bench", "klock-storage-bench");

    /// <summary>Makes it.</summary>
    public static Task MakeStorageBenchAsync(CancellationToken cancel) => _storageBench.MakeAsync(cancel);

    /// <summary>Makes what the command line is compared with, in artifacts/: it never gets into dist/.</summary>
    public static Task MakeHelloAsync(CancellationToken cancel) => _hello.MakeAsync(cancel);

    /// <summary>Makes what the server is compared with, in artifacts/ too.</summary>
    public static Task MakeBareRouteAsync(CancellationToken cancel) => _bareRoute.MakeAsync(cancel);

    /// <summary>Makes all of them.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        await _cli.MakeAsync(cancel);
        await _server.MakeAsync(cancel);
    }
}
