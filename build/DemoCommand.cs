using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>demo</c>: makes the library and nothing more, then runs the demo on the caller's own terminal.</summary>
internal static class DemoCommand
{
    /// <param name="arguments">Passed on to the demo.</param>
    /// <param name="cancel">Stops the demo and its agents.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        await Tools.RequireForBuildAsync(cancel);
        await NativeLibrary.MakeAsync(cancel);
        Child demo = new(Tools.Python, [Repo.At("examples", "demo", "demo.py"), .. arguments])
        {
            Environment = new() { ["PYTHONPATH"] = Repo.At("bindings", "python", "src") },
        };
        return await demo.RunAttachedAsync(cancel);
    }
}
