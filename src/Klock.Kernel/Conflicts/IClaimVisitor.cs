namespace Klock.Kernel.Conflicts;

/// <summary>Is shown claims, one by one.</summary>
internal interface IClaimVisitor
{
    /// <summary>Takes one claim. Returns whether to go on.</summary>
    bool Visit(Claim claim);
}
