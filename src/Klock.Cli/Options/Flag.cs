using System.CommandLine;

namespace Klock.Cli.Options;

/// <summary>An option without a value: it never consumes the next word.</summary>
internal sealed class Flag : Option<bool>
{
    public Flag(string name, string description)
        : base(name)
    {
        Description = description;
        Arity = ArgumentArity.Zero;
    }
}
