using Klock.Build.Making;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>site</c>: makes the documentation a site, in dist/site.</summary>
internal static class SiteCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        if (Tools.FindOnPath("npm") is null)
        {
            throw new BuildFailure("'site' needs Node 20 or newer with npm (Debian: npm).", BuildFailure.NotRight);
        }

        await Site.MakeAsync(cancel);
        Console.WriteLine("dist/site holds the documentation: python3 -m http.server --directory dist/site, or open dist/site/index.html.");
        return 0;
    }
}
