using System.Reflection;
using System.Runtime.Loader;

namespace Klock.Simulation.Tests.Planted;

/// <summary>This very simulator, loaded once more over another kernel.</summary>
internal sealed class SimulatorOver : AssemblyLoadContext
{
    private readonly Assembly _kernel;

    private SimulatorOver(Stream kernel)
        : base(isCollectible: true) => _kernel = LoadFromStream(kernel);

    /// <summary>What <see cref="SeedRun.Try(ulong, Action{string}?, out int)"/> is.</summary>
    public delegate string? TrySeed(ulong seed, Action<string>? trace, out int steps);

    /// <summary><see cref="SeedRun.Try(ulong, Action{string}?, out int)"/> over another kernel.</summary>
    /// <param name="kernel">The image of the kernel.</param>
    public static TrySeed LoadTry(Stream kernel) =>
        LoadMethod(kernel, nameof(SeedRun.Try)).CreateDelegate<TrySeed>();

    /// <summary><see cref="SeedRun.Explain"/> over another kernel.</summary>
    public static Func<ulong, string> LoadExplain(Stream kernel) =>
        LoadMethod(kernel, nameof(SeedRun.Explain)).CreateDelegate<Func<ulong, string>>();

    private static MethodInfo LoadMethod(Stream kernel, string name) => new SimulatorOver(kernel)
        .LoadFromAssemblyPath(typeof(SeedRun).Assembly.Location)
        .GetType(typeof(SeedRun).FullName!, throwOnError: true)!
        .GetMethod(name, BindingFlags.Public | BindingFlags.Static)!;

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == _kernel.GetName().Name ? _kernel : null;
}
