using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Klock.Simulation.Tests.Planted;

/// <summary>Compiles the kernel, mutated or not, and the simulator into one assembly in memory.</summary>
internal static class KernelCompiler
{
    // The SDK adds these to every project by itself.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] _framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly SyntaxTree[] _simulator = [.. Sources.Simulator.Append(ImplicitUsings).Select(Parse)];

    /// <summary>What <see cref="SeedRun.Try(ulong, Action{string}?, out int)"/> is in the assembly that was compiled.</summary>
    public delegate string? TrySeed(ulong seed, Action<string>? trace, out int steps);

    /// <param name="bug">The bug to plant; null for none.</param>
    public static TrySeed Compile(PlantedBug? bug)
    {
        if (bug is not null && !Sources.Kernel.ContainsKey(bug.File))
        {
            throw new InvalidOperationException($"The planted bug '{bug.Name}' no longer fits: the kernel has no file {bug.File}.");
        }

        IEnumerable<SyntaxTree> kernel = Sources.Kernel.Select(file => Parse(file.Key == bug?.File ? bug.ApplyTo(file.Value) : file.Value));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create($"Planted{Guid.CreateVersion7():N}", [.. kernel, .. _simulator], _framework, options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            IEnumerable<Diagnostic> errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10);
            throw new InvalidOperationException($"The kernel with '{bug?.Name}' does not compile:\n{string.Join('\n', errors)}");
        }

        image.Position = 0;
        MethodInfo method = new AssemblyLoadContext(bug?.Name ?? "kernel", isCollectible: true).LoadFromStream(image)
            .GetType(typeof(SeedRun).FullName!, throwOnError: true)!
            .GetMethod(nameof(SeedRun.Try), BindingFlags.Public | BindingFlags.Static)!;
        return method.CreateDelegate<TrySeed>();
    }

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, _language);
}
