using System.CommandLine;

namespace Klock.Cli.Options;

/// <summary>An option without a value: it takes nothing of what comes after it.</summary>
internal sealed class Flag : Option<bool>
{
    public Flag(string name, string description)
        : base(name)
    {
        Description = description;
        Arity = ArgumentArity.Zero;
    }
}
