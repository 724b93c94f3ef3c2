using Klock.Kernel.Conflicts;

namespace Klock.Kernel.Resources;

/// <summary>What a node has only when it is claimed with all beneath it, or something beneath it is: most nodes are plain files.</summary>
internal sealed class Branch
{
    /// <summary>What all other nodes share: nothing is ever counted in it.</summary>
    public static readonly Branch None = new();

    /// <summary>Claims on this directory and all beneath it.</summary>
    public StrengthCounts Subtree;

    /// <summary>Claims on symbols of this file.</summary>
    public StrengthCounts Symbols;

    /// <summary>Claims of every kind on names beneath this one, symbols included.</summary>
    public StrengthCounts Beneath;

    public ResourceNode? FirstChild { get; set; }
}
