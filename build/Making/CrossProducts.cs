using Klock.Build.Setup;

namespace Klock.Build.Making;

/// <summary>
/// What is shipped for another machine than this one, compiled here. For Linux libklock, klock and klock-server, by a cross compiler; for
/// other systems the two programs with the .NET runtime in them, since only those systems can link native ones.
/// </summary>
internal static class CrossProducts
{
    /// <summary>What compiles for linux-arm64 on Debian: its library's headers do not come by themselves with the compiler.</summary>
    public static TestPackage[] Compilers { get; } =
    [
        new("gcc-aarch64-linux-gnu", "linux-arm64", _ => Task.FromResult(IsThere)),
        new("libc6-dev-arm64-cross", "linux-arm64", _ => Task.FromResult(HasHeaders())),
    ];

    /// <summary>True when there is a cross compiler.</summary>
    public static bool IsThere => Tools.FindOnPath("aarch64-linux-gnu-gcc") is not null;

    /// <summary>Makes them, in the machine's folder.</summary>
    /// <exception cref="BuildFailure">There is no cross compiler and it cannot be installed, or something does not compile.</exception>
    public static async Task MakeAsync(Machine machine, CancellationToken cancel)
    {
        if (machine.IsLinux && (await TestPackages.EnsureAsync(Compilers, cancel)).Count > 0)
        {
            throw new BuildFailure($"{machine.Name} needs a cross compiler, aarch64-linux-gnu-gcc. On Debian, as root: "
                + "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross", BuildFailure.NotRight);
        }

        string[] programs = machine.Programs;
        List<(string Step, string Project, string Output, string[] Inputs)> products =
        [
            ("cli", Repo.At("src", "Klock.Cli", "Klock.Cli.csproj"), programs[0], Programs.CliInputs),
            ("server", Repo.At("src", "Klock.Server", "Klock.Server.csproj"), programs[1], Programs.ServerInputs),
        ];
        if (machine.IsLinux)
        {
            products.Insert(0, ("library", Repo.NativeProject, machine.Library, NativeLibrary.Inputs));
        }

        foreach ((string step, string project, string output, string[] inputs) in products)
        {
            // The same sources were analysed for this machine; what cannot be compiled ahead of time is told in any case.
            await new NativeProduct($"{step}-{machine.Name}", project, output, inputs)
                .MakeAsync(cancel, [.. machine.Properties, "-p:RunAnalyzers=false"]);
        }
    }

    private static bool HasHeaders() =>
        File.Exists("/usr/aarch64-linux-gnu/include/stdio.h") || Directory.Exists("/usr/include/aarch64-linux-gnu");
}
