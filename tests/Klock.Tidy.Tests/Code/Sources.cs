using Klock.Tidy.Tests.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Klock.Tidy.Tests.Code;

/// <summary>Reads C# as the compiler does.</summary>
internal static class Sources
{
    // What the SDK adds to every project; without it names of the framework would hide names of ours.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>
    /// The C# beneath a folder, each file with the meaning of its names. It is one compilation for all projects: what one says of another
    /// is understood, and packages need not be there.
    /// </summary>
    public static IEnumerable<(TextFile File, SemanticModel Model)> Compile(IEnumerable<TextFile> files, string top)
    {
        Dictionary<SyntaxTree, TextFile> trees = files.Where(file => file.IsUnder(top) && file.Language == Language.CSharp)
            .ToDictionary(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path));
        var compilation = CSharpCompilation.Create("all", [.. trees.Keys, CSharpSyntaxTree.ParseText(ImplicitUsings)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)));
        return trees.Select(tree => (tree.Value, compilation.GetSemanticModel(tree.Key)));
    }

    /// <summary>The project of a file: the folder right beneath <paramref name="top"/>.</summary>
    public static string ProjectOf(string path, string top) =>
        path.StartsWith(top + "/", StringComparison.Ordinal) ? path[(top.Length + 1)..].Split('/')[0] : "";
}
