using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>screenshots</c>: photographs the dashboard of a server with a scripted fleet, for the documentation.</summary>
internal static class ScreenshotsCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        await Tools.RequireForBuildAsync(cancel);
        await TestPackages.EnsureAsync(Array.FindAll(TestPackage.All, package => package.Name == "chromium"), cancel);
        await Dashboard.MakeAsync(cancel);
        await Programs.MakeAsync(cancel);
        string script = Repo.At("tests", "dashboard", "screenshots.mjs");
        return await new Child("node", script, Repo.At("docs", "images")).RunAttachedAsync(cancel);
    }
}
