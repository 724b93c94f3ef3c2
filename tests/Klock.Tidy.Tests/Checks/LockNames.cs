using Klock.Tidy.Tests.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Klock.Tidy.Tests.Checks;

/// <summary>
/// What may be called under a lock only ends in <c>_NeedsLock</c>: so it is called inside a <c>lock</c>, by another method of that name, or
/// while its object is made. And a method of a class that is called inside the class's own <c>lock</c> has that name, unless it is
/// static, or takes the lock itself and so does not rely on its caller.
/// </summary>
internal static class LockNames
{
    private const string Suffix = "_NeedsLock";

    public static IEnumerable<Offence> Find(IEnumerable<TextFile> files)
    {
        List<(TextFile File, InvocationExpressionSyntax Call)> calls = [];
        List<(TextFile File, MethodDeclarationSyntax Method)> methods = [];
        foreach (TextFile file in files.Where(file => file.IsUnder("src") && file.Language == Language.CSharp))
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(file.Text).GetRoot();
            calls.AddRange(root.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(call => (file, call)));
            methods.AddRange(root.DescendantNodes().OfType<MethodDeclarationSyntax>().Select(method => (file, method)));
        }

        // Of a class in several files all parts count: they stand in one folder.
        ILookup<(string, string, string), MethodDeclarationSyntax> byName =
            methods.ToLookup(each => (each.File.Folder, TypeOf(each.Method), each.Method.Identifier.Text), each => each.Method);
        foreach ((TextFile file, InvocationExpressionSyntax call) in calls)
        {
            string name = NameOf(call);
            bool isLocked = IsUnderLock(call);
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && !isLocked && !IsInOneThatNeedsLock(call))
            {
                yield return At(file, call, $"{name} is called without the lock that it needs");
            }
            else if (isLocked && call.Expression is IdentifierNameSyntax && !name.EndsWith(Suffix, StringComparison.Ordinal)
                && byName[(file.Folder, TypeOf(call), name)].Any(RelyOnCaller))
            {
                yield return At(file, call, $"{name} is called under the lock of its class: its name must end in {Suffix}");
            }
        }
    }

    private static bool RelyOnCaller(MethodDeclarationSyntax method) =>
        !method.Modifiers.Any(SyntaxKind.StaticKeyword) && !method.DescendantNodes().OfType<LockStatementSyntax>().Any();

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        _ => "",
    };

    private static string TypeOf(SyntaxNode node) => node.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Identifier.Text ?? "";

    // What is handed to somebody else runs whenever that one likes, unless that one needs the lock too.
    private static bool IsUnderLock(SyntaxNode node) =>
        node.Ancestors().TakeWhile(above => !IsForLater(above))
            .Any(above => above is LockStatementSyntax taken && taken.Statement.Span.Contains(node.Span));

    private static bool IsForLater(SyntaxNode node) => node switch
    {
        LocalFunctionStatementSyntax => true,
        AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } } =>
            !NameOf(call).EndsWith(Suffix, StringComparison.Ordinal),
        AnonymousFunctionExpressionSyntax => true,
        _ => false,
    };

    private static bool IsInOneThatNeedsLock(SyntaxNode node) => node.Ancestors().TakeWhile(above => !IsForLater(above))
        .OfType<BaseMethodDeclarationSyntax>().FirstOrDefault() switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text.EndsWith(Suffix, StringComparison.Ordinal),
        ConstructorDeclarationSyntax => true,
        _ => false,
    };

    private static Offence At(TextFile file, SyntaxNode node, string what) =>
        new(file.Path, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, what);
}
