namespace Klock.Kernel.Claims;

/// <summary>Visits claims, one by one, or a line of them at once.</summary>
internal interface IClaimVisitor
{
    /// <summary>Visits one claim. Returns whether to continue.</summary>
    bool Visit(Claim claim);

    /// <summary>Visits a line of which every claim, at least one, is in the way. Returns whether to continue.</summary>
    bool VisitLine(Line line);
}
