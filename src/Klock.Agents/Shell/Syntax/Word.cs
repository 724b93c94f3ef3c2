namespace Klock.Agents.Shell.Syntax;

/// <summary>One word of a shell text, before any expansion.</summary>
/// <param name="Parts">In order; none for an empty word such as <c>""</c>, which still is a word.</param>
/// <param name="Source">As it was typed, for messages.</param>
internal sealed record Word(IReadOnlyList<WordPart> Parts, string Source)
{
    /// <summary>Its text, where it is nothing but unquoted letters: what a reserved word looks like. Else null.</summary>
    public string? Bare => Parts is [Literal { IsQuoted: false } only] ? only.Text : null;
}

/// <summary>A piece of a word.</summary>
internal abstract record WordPart;

/// <summary>Text that stands for itself; unquoted, its blanks, braces, tildes and wildcards still mean something.</summary>
internal sealed record Literal(string Text, bool IsQuoted) : WordPart;

/// <summary>A plain parameter: <c>$name</c>, <c>${name}</c>, <c>$1</c>, <c>$@</c>.</summary>
internal sealed record Variable(string Name, bool IsQuoted) : WordPart;

/// <summary><c>$(…)</c> and <c>`…`</c>: a list whose output stands here; or, as a process, <c>&lt;(…)</c>: a pipe to it.</summary>
internal sealed record Substitution(Sequence Body, bool IsProcess, bool IsQuoted) : WordPart;

/// <summary>What no reader of the text alone can know: arithmetic, <c>${name%suffix}</c>, arrays. What runs within it is kept.</summary>
internal sealed record Opaque(IReadOnlyList<WordPart> Inner) : WordPart;
