namespace Klock.Kernel.Claims;

/// <summary>
/// A claim that was found in somebody's way. It stays there when it is granted what it waited for, and when it gains conflicts.
/// </summary>
internal readonly struct SeenClaim(Claim claim)
{
    private readonly Claim? _claim = claim;
    private readonly int _strength = claim.Strength;

    /// <summary>The claim that stands in the way still; null when it is gone, or has been weakened since.</summary>
    public Claim? Standing
    {
        get
        {
            Claim? now = _claim is WaitClaim { Node: null } waited ? waited.Became : _claim;
            return now is { Node: not null } && now.Strength >= _strength ? now : null;
        }
    }
}
