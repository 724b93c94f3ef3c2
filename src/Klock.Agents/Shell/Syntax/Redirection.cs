namespace Klock.Agents.Shell.Syntax;

/// <summary>What a redirection does with its target.</summary>
internal enum RedirectionKind
{
    /// <summary><c>&lt; file</c>.</summary>
    Read,

    /// <summary><c>&gt; file</c>, <c>&gt;| file</c>, <c>&amp;&gt; file</c>.</summary>
    Write,

    /// <summary><c>&gt;&gt; file</c>, <c>&amp;&gt;&gt; file</c>.</summary>
    Append,

    /// <summary><c>&lt;&gt; file</c>.</summary>
    ReadWrite,

    /// <summary><c>&gt;&amp; 2</c>: another descriptor, or, in bash, a file.</summary>
    Duplicate,

    /// <summary><c>&lt;&lt; END</c>: the target is the text.</summary>
    Document,

    /// <summary><c>&lt;&lt;&lt; word</c>.</summary>
    String,
}

/// <summary>One redirection of a command.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="IsOutput">Whether its sign points outwards, as <c>&gt;&amp;</c> does and <c>&lt;&amp;</c> does not.</param>
internal sealed record Redirection(RedirectionKind Kind, bool IsOutput)
{
    /// <summary>The file, the descriptor or the text. Of a here-document it is set when the line ends.</summary>
    public Word Target { get; set; } = new([], "");
}
