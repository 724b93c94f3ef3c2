using Klock.Tidy.Tests.Files;
using Microsoft.CodeAnalysis;
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
    /// <summary>The uses between folders of the same project. A project is a folder beneath <paramref name="top"/>.</summary>
    public static IEnumerable<FolderUse> Find(IEnumerable<TextFile> files, string top)
    {
        foreach ((TextFile file, SemanticModel model) in Sources.Compile(files, top))
        {
            foreach (FolderUse use in UsesOf(file, model, top))
            {
                yield return use;
            }
        }
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
                if (folder != file.Folder && Sources.ProjectOf(path, top) == Sources.ProjectOf(file.Path, top))
                {
                    int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                    yield return new FolderUse(file.Folder, folder, file.Path, line, type!.Name);
                }
            }
        }
    }
}
