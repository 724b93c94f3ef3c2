using Klock.Tidy.Tests.Code;
using Klock.Tidy.Tests.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Klock.Tidy.Tests.Checks;

/// <summary>
/// What is public is used by another project of the product. What only tests need is internal: a test sees it too. Constants may be public
/// for what they say, exceptions for whoever catches them, and <c>required</c> properties must be.
/// </summary>
internal static class NeedlessPublic
{
    /// <summary>The public members of libraries, and types with none that is used, that no other project names.</summary>
    public static IEnumerable<Offence> Find(IReadOnlyList<TextFile> files, string top)
    {
        HashSet<string> libraries = [.. files.Where(file => file.IsUnder(top) && file.Name == "PublicAPI.Shipped.txt")
            .Select(file => Sources.ProjectOf(file.Path, top))];
        HashSet<ISymbol> used = new(SymbolEqualityComparer.Default);
        List<(TextFile File, ISymbol Symbol, SyntaxNode Node)> declared = [];
        foreach ((TextFile file, SemanticModel model) in Sources.Compile(files, top))
        {
            string project = Sources.ProjectOf(file.Path, top);
            foreach (SyntaxNode node in model.SyntaxTree.GetRoot().DescendantNodes())
            {
                if (libraries.Contains(project) && model.GetDeclaredSymbol(node) is { } symbol && IsPublic(symbol))
                {
                    declared.Add((file, symbol, node));
                }

                used.UnionWith(UsedBy(node, model).Where(symbol => IsOfAnother(symbol, project, top)));
            }
        }

        return declared.Where(each => !IsNeeded(each.Symbol, used))
            .Select(each => new Offence(each.File.Path, each.Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
                $"{each.Symbol.ToDisplayString()} is public, and no other project uses it"));
    }

    private static IEnumerable<ISymbol> UsedBy(SyntaxNode node, SemanticModel model)
    {
        if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax
            or ElementAccessExpressionSyntax or PrimaryConstructorBaseTypeSyntax))
        {
            return [];
        }

        SymbolInfo found = model.GetSymbolInfo(node);
        ISymbol[] symbols = found.Symbol is { } one ? [one] : [.. found.CandidateSymbols];
        return symbols.Select(symbol => symbol is IMethodSymbol { ReducedFrom: { } plain } ? plain : symbol)
            .Select(symbol => symbol.OriginalDefinition);
    }

    private static bool IsOfAnother(ISymbol symbol, string project, string top) =>
        symbol.DeclaringSyntaxReferences.Any(part => Sources.ProjectOf(part.SyntaxTree.FilePath, top) != project);

    private static bool IsPublic(ISymbol symbol)
    {
        for (ISymbol? each = symbol; each is not null and not INamespaceSymbol; each = each.ContainingSymbol)
        {
            if (each.DeclaredAccessibility != Accessibility.Public || each.Name.EndsWith("Exception", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return symbol is INamedTypeSymbol { IsTupleType: false } || (!symbol.IsOverride && !symbol.IsImplicitlyDeclared && symbol is
            IFieldSymbol { IsConst: false, ContainingType.IsTupleType: false } or IPropertySymbol { IsRequired: false }
            or IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor } && !Implements(symbol));
    }

    // A member of an interface is called through it.
    private static bool Implements(ISymbol symbol) =>
        symbol.ContainingType.TypeKind == TypeKind.Interface
        || symbol.ContainingType.AllInterfaces.SelectMany(type => type.GetMembers())
            .Select(symbol.ContainingType.FindImplementationForInterfaceMember)
            .Any(member => SymbolEqualityComparer.Default.Equals(member, symbol));

    // A type is needed by whoever uses one of its members, or a member that mentions it.
    private static bool IsNeeded(ISymbol symbol, HashSet<ISymbol> used) =>
        used.Contains(symbol) || (symbol is INamedTypeSymbol type && used.Any(each => Mentions(each, type)));

    private static bool Mentions(ISymbol symbol, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type)
        || TypesOf(symbol).Any(each => Mentions(each, type));

    private static bool Mentions(ITypeSymbol? named, INamedTypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(named?.OriginalDefinition, type)
        || (named is INamedTypeSymbol generic && generic.TypeArguments.Any(argument => Mentions(argument, type)))
        || (named is IArrayTypeSymbol array && Mentions(array.ElementType, type));

    private static IEnumerable<ITypeSymbol?> TypesOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => [method.ReturnType, .. method.Parameters.Select(parameter => parameter.Type)],
        IPropertySymbol property => [property.Type],
        IFieldSymbol field => [field.Type],
        INamedTypeSymbol named => [named.BaseType, .. named.Interfaces,
            .. named.GetMembers().Where(member => member is not INamedTypeSymbol && member.DeclaredAccessibility == Accessibility.Public)
                .SelectMany(TypesOf)],
        _ => [],
    };
}
