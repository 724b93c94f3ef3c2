namespace Klock.Coordinator.Protocol;

/// <summary>A request that cannot be carried out; becomes an error answer at the door.</summary>
/// <param name="code">The code a program goes by.</param>
/// <param name="sentence">One plain sentence for a person: which field, what was wrong, what is allowed.</param>
/// <param name="cause">What was caught, if anything.</param>
public sealed class KlockException(ErrorCode code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>The code a program goes by.</summary>
    public ErrorCode Code { get; } = code;
}
