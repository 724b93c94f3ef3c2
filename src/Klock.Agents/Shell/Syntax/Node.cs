namespace Klock.Agents.Shell.Syntax;

/// <summary>A command of a shell text, simple or compound.</summary>
internal abstract record Node;

/// <summary>Commands one after the other.</summary>
/// <param name="Items">Each with whether it runs in the background, which is a shell of its own.</param>
internal sealed record Sequence(IReadOnlyList<(Node Command, bool IsBackground)> Items) : Node;

/// <summary>Commands of which each runs or not by how the last one ended.</summary>
/// <param name="First">The one that always runs.</param>
/// <param name="Rest">Each with whether it follows <c>||</c> (else <c>&amp;&amp;</c>).</param>
internal sealed record Chain(Node First, IReadOnlyList<(bool IsOr, Node Command)> Rest) : Node;

/// <summary>Commands, each of which reads what the one before it writes: two at least.</summary>
internal sealed record Pipeline(IReadOnlyList<Node> Parts) : Node;

/// <summary>Words, the first of which names what runs.</summary>
internal sealed record Simple(
    IReadOnlyList<Assignment> Assignments, IReadOnlyList<Word> Words, IReadOnlyList<Redirection> Redirections) : Node;

/// <summary><c>NAME=value</c> before a command. Null for a value that is more than a word, or adds to what was there.</summary>
internal sealed record Assignment(string Name, Word? Value, Word Source);

/// <summary>A compound command with redirections.</summary>
internal sealed record Redirected(Node Body, IReadOnlyList<Redirection> Redirections) : Node;

/// <summary><c>( … )</c>: in a shell of its own.</summary>
internal sealed record Subshell(Sequence Body) : Node;

/// <summary><c>if</c>, with its <c>elif</c>s as further branches.</summary>
internal sealed record If(IReadOnlyList<(Sequence Condition, Sequence Body)> Branches, Sequence? Else) : Node;

/// <summary><c>while</c> and <c>until</c>.</summary>
internal sealed record Loop(Sequence Condition, Sequence Body) : Node;

/// <summary><c>for NAME in WORDS</c> and <c>select</c>. Without words: null, it goes over the arguments.</summary>
internal sealed record For(string Name, IReadOnlyList<Word>? Words, Sequence Body) : Node;

/// <summary><c>case WORD in</c>.</summary>
internal sealed record Case(Word Subject, IReadOnlyList<Sequence> Branches) : Node;

/// <summary><c>NAME() …</c>: runs when it is called.</summary>
internal sealed record Function(string Name, Node Body) : Node;

/// <summary><c>[[ … ]]</c> and <c>(( … ))</c>: writes nothing but by what stands in its words.</summary>
internal sealed record Condition(IReadOnlyList<Word> Words) : Node;
