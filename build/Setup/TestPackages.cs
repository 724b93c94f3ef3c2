using Klock.Build.Running;

namespace Klock.Build.Setup;

/// <summary>Installs Debian packages, where this machine allows it; otherwise says which are missing.</summary>
internal static class TestPackages
{
    /// <summary>Installs those that are missing.</summary>
    /// <returns>The packages that are still missing. Tests that need one are skipped, and counted as skipped.</returns>
    public static async Task<IReadOnlyList<TestPackage>> EnsureAsync(IReadOnlyList<TestPackage> wanted, CancellationToken cancel)
    {
        List<TestPackage> missing = await MissingAsync(wanted, cancel);
        if (missing.Count == 0)
        {
            return missing;
        }

        if (CanInstall())
        {
            await TryInstallAsync(missing, cancel);
            missing = await MissingAsync(wanted, cancel);
        }

        if (missing.Count > 0)
        {
            Console.WriteLine("Missing, and what needs them is left out: "
                + string.Join(", ", missing.Select(package => $"{package.Name} ({package.Purpose})"))
                + ". On Debian, as root: apt-get install " + string.Join(' ', missing.Select(package => package.Name)));
        }

        return missing;
    }

    private static bool CanInstall() =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Tools.FindOnPath("apt-get") is not null;

    private static async Task<List<TestPackage>> MissingAsync(IReadOnlyList<TestPackage> wanted, CancellationToken cancel)
    {
        List<TestPackage> missing = [];
        foreach (TestPackage package in wanted)
        {
            if (!await package.IsThere(cancel))
            {
                missing.Add(package);
            }
        }

        return missing;
    }

    private static async Task TryInstallAsync(List<TestPackage> packages, CancellationToken cancel)
    {
        Dictionary<string, string?> quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };
        Child update = new("apt-get", "update") { Environment = quiet };
        Child install = new("apt-get", ["install", "-y", "--no-install-recommends", .. packages.Select(package => package.Name)])
        {
            Environment = quiet,
        };
        try
        {
            await Step.RunAsync("packages", cancel, update, install);
        }
        catch (BuildFailure failure)
        {
            // A machine without network still runs every test that needs none of these.
            Console.WriteLine(failure.Message);
        }
    }
}
