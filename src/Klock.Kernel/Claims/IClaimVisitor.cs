namespace Klock.Kernel.Claims;

/// <summary>Is shown claims, one by one, or a line of them at once.</summary>
internal interface IClaimVisitor
{
    /// <summary>Takes one claim. Returns whether to go on.</summary>
    bool Visit(Claim claim);

    /// <summary>Takes claims that are all in the way, at least one. Returns whether to go on.</summary>
    bool VisitLine(Line line);
}
