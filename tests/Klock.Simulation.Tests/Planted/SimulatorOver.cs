using System.Reflection;
using System.Runtime.Loader;

namespace Klock.Simulation.Tests.Planted;

/// <summary>This very simulator, loaded once more over another kernel.</summary>
internal sealed class SimulatorOver : AssemblyLoadContext
{
    private readonly Assembly _kernel;

    private SimulatorOver(Stream kernel)
        : base(isCollectible: true) => _kernel = LoadFromStream(kernel);

    /// <summary>As <see cref="SeedRun.Try(ulong, Action{string}?, out int)"/>.</summary>
    public delegate string? TrySeed(ulong seed, Action<string>? trace, out int steps);

    /// <param name="kernel">The image of the kernel.</param>
    public static TrySeed Load(Stream kernel) => new SimulatorOver(kernel)
        .LoadFromAssemblyPath(typeof(SeedRun).Assembly.Location)
        .GetType(typeof(SeedRun).FullName!, throwOnError: true)!
        .GetMethod(nameof(SeedRun.Try), [typeof(ulong), typeof(Action<string>), typeof(int).MakeByRefType()])!
        .CreateDelegate<TrySeed>();

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == _kernel.GetName().Name ? _kernel : null;
}
