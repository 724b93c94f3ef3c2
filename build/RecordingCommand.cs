using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>recording</c>: runs the command line on pseudo terminals and draws what they show, for the README and the site.</summary>
internal static class RecordingCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        await Tools.RequireForBuildAsync(cancel);
        await Programs.MakeAsync(cancel);
        string script = Repo.At("docs-site", "recording", "record.py");
        Child recorder = new(Tools.Python, "-B", script, Repo.Program("klock"), Repo.At("docs", "images", "terminal.svg"));
        return await recorder.RunAttachedAsync(cancel);
    }
}
