using System.Collections.Immutable;
using Klock.Agents.Shell.Syntax;
using Klock.Agents.Shell.Verbs;

namespace Klock.Agents.Shell;

/// <summary>What one shell knows at one point of its text. Immutable: what a subshell does to its own is forgotten with it.</summary>
internal sealed record ShellState
{
    /// <summary>The most variables that are remembered; further ones are unknown.</summary>
    public const int MaxVariables = 256;

    /// <summary>The current folder; null when it cannot be known.</summary>
    public required string? Folder { get; init; }

    /// <summary>The folder before that, for <c>cd -</c>.</summary>
    public string? LastFolder { get; init; }

    /// <summary>What <c>pushd</c> put aside.</summary>
    public ImmutableStack<string?> Pushed { get; init; } = [];

    /// <summary>Variables that have one known value.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Functions that were defined.</summary>
    public ImmutableDictionary<string, Node> Functions { get; init; } = ImmutableDictionary<string, Node>.Empty;

    /// <summary><c>$1</c> and so on; null when they cannot be known.</summary>
    public IReadOnlyList<Argument>? Arguments { get; init; }

    /// <summary>Whether the shell has left by <c>exit</c>, so that nothing that follows runs.</summary>
    public bool HasLeft { get; init; }

    /// <summary>With another folder.</summary>
    public ShellState At(string? folder) => this with { Folder = folder, LastFolder = Folder };

    /// <summary>With another value of a variable; null for one that cannot be known.</summary>
    public ShellState With(string name, string? value) => value is null || (Variables.Count >= MaxVariables && !Variables.ContainsKey(name))
        ? this with { Variables = Variables.Remove(name) }
        : this with { Variables = Variables.SetItem(name, value) };

    /// <summary>What is known when either of two ways was taken: what both agree on. A way that has left does not come here.</summary>
    public ShellState Or(ShellState other)
    {
        if (ReferenceEquals(this, other) || other.HasLeft)
        {
            return this;
        }

        return HasLeft ? other : this with
        {
            Folder = Folder == other.Folder ? Folder : null,
            LastFolder = LastFolder == other.LastFolder ? LastFolder : null,
            Pushed = ReferenceEquals(Pushed, other.Pushed) ? Pushed : [],
            Variables = ReferenceEquals(Variables, other.Variables) ? Variables
                : Variables.RemoveRange(Variables.Where(each => other.Variables.GetValueOrDefault(each.Key) != each.Value)
                    .Select(each => each.Key)),
            Functions = ReferenceEquals(Functions, other.Functions) ? Functions : Functions.SetItems(other.Functions),
            Arguments = ReferenceEquals(Arguments, other.Arguments) ? Arguments : null,
        };
    }
}
