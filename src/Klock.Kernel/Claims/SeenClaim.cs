namespace Klock.Kernel.Claims;

/// <summary>
/// A claim that was found in a request's way. It stays in the way when it is granted what it waited for, and when it gains conflicts.
/// </summary>
internal readonly struct SeenClaim(Claim claim)
{
    private readonly Claim? _claim = claim;
    private readonly int _strength = claim.Strength;

    /// <summary>The claim, if it is still in the way; null when it has ended, or has been weakened since.</summary>
    public Claim? Standing
    {
        get
        {
            Claim? now = _claim is WaitClaim { Node: null } waited ? waited.Became : _claim;
            return now is { Node: not null } && now.Strength >= _strength ? now : null;
        }
    }
}
