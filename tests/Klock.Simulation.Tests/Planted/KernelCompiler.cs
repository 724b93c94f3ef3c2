using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Klock.Simulation.Tests.Planted;

/// <summary>Compiles the kernel from its sources, with a planted bug or without.</summary>
internal static class KernelCompiler
{
    // What the SDK and the project file add to the sources.
    private const string FromTheProject =
        "global using System; global using System.Collections.Generic; global using System.Linq;\n"
        + "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Klock.Simulation.Tests\")]";

    private static readonly Dictionary<string, SyntaxTree> _trees =
        KernelSources.Files.ToDictionary(file => file.Key, file => Parse(file.Value));

    private static readonly CSharpCompilation _kernel = CSharpCompilation.Create(
        "Klock.Kernel",
        [.. _trees.Values, Parse(FromTheProject)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release)
            .WithNullableContextOptions(NullableContextOptions.Enable));

    /// <param name="bug">The bug to plant; null for none.</param>
    /// <returns>The assembly's image.</returns>
    public static MemoryStream Compile(PlantedBug? bug)
    {
        CSharpCompilation kernel = bug is null
            ? _kernel
            : _kernel.ReplaceSyntaxTree(TreeOf(bug), Parse(bug.ApplyTo(KernelSources.Files[bug.File])));
        var image = new MemoryStream();
        var result = kernel.Emit(image);
        if (!result.Success)
        {
            IEnumerable<Diagnostic> errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            string first = string.Join('\n', errors.Take(10));
            throw new InvalidOperationException($"The kernel with '{bug?.Name ?? "no bug"}' does not compile:\n{first}");
        }

        image.Position = 0;
        return image;
    }

    private static SyntaxTree TreeOf(PlantedBug bug) => _trees.GetValueOrDefault(bug.File)
        ?? throw new InvalidOperationException($"The planted bug '{bug.Name}' no longer fits: the kernel has no file {bug.File}.");

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.CSharp14));
}
