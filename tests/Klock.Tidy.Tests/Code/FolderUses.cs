using Klock.Tidy.Tests.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Klock.Tidy.Tests.Code;

/// <summary>One place where code names a type, or a member of a type, that stands in another folder of its project.</summary>
/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Path">The file that uses.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Type">The type.</param>
internal sealed record FolderUse(string From, string To, string Path, int Line, string Type);

/// <summary>Reads C# as the compiler does, and finds which folder uses which.</summary>
internal static class FolderUses
{
    // What the SDK adds to every project; without it names of the framework would hide names of ours.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>The uses between folders of the same project. A project is a folder beneath <paramref name="top"/>.</summary>
    public static IEnumerable<FolderUse> Find(IEnumerable<TextFile> files, string top)
    {
        // One compilation for all projects: what one says of another is understood, and packages need not be there.
        Dictionary<SyntaxTree, TextFile> trees = files.Where(file => file.IsUnder(top) && file.Language == Language.CSharp)
            .ToDictionary(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path));
        var compilation = CSharpCompilation.Create("all", [.. trees.Keys, CSharpSyntaxTree.ParseText(ImplicitUsings)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)));
        return trees.SelectMany(tree => UsesOf(tree.Value, compilation.GetSemanticModel(tree.Key), top));
    }

    private static IEnumerable<FolderUse> UsesOf(TextFile file, SemanticModel model, string top)
    {
        foreach (SimpleNameSyntax name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            SymbolInfo found = model.GetSymbolInfo(name);
            ISymbol? symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
            ITypeSymbol? type = symbol as ITypeSymbol ?? symbol?.ContainingType;
            // A tuple is declared wherever it is written.
            foreach (string path in type is null or { IsTupleType: true } ? []
                : type.DeclaringSyntaxReferences.Select(part => part.SyntaxTree.FilePath))
            {
                string folder = path[..Math.Max(path.LastIndexOf('/'), 0)];
                if (folder != file.Folder && ProjectOf(path, top) == ProjectOf(file.Path, top))
                {
                    int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                    yield return new FolderUse(file.Folder, folder, file.Path, line, type!.Name);
                }
            }
        }
    }

    private static string ProjectOf(string path, string top) =>
        path.StartsWith(top + "/", StringComparison.Ordinal) ? path[(top.Length + 1)..].Split('/')[0] : "";
}
