namespace Klock.Kernel.Claims;

/// <summary>
/// A claim that was found in a request's way. It stays in the way when it is granted what it waited for, and when it gains conflicts.
/// </summary>
internal readonly struct SeenClaim(Claim claim)
{
    /// <summary>The claim as it was found; null for none.</summary>
    public Claim? Claim { get; } = claim;

    /// <summary>How strong it was.</summary>
    public int Strength { get; } = claim.Strength;

    /// <summary>The claim, if it is still in the way; null when it has ended, or has been weakened since.</summary>
    public Claim? Standing
    {
        get
        {
            Claim? now = Claim is WaitClaim { Node: null } waited ? waited.Became : Claim;
            return now is { Node: not null } && now.Strength >= Strength ? now : null;
        }
    }
}
