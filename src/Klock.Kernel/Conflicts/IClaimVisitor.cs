namespace Klock.Kernel.Conflicts;

/// <summary>Is shown claims, one by one.</summary>
internal interface IClaimVisitor
{
    void Visit(Claim claim);
}
