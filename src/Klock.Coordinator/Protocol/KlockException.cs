namespace Klock.Coordinator.Protocol;

/// <summary>A request that cannot be carried out; the coordinator turns it into an error answer.</summary>
/// <param name="code">The code, for programs.</param>
/// <param name="sentence">One plain sentence for a person: which field, what was wrong, what is allowed.</param>
/// <param name="cause">What was caught, if anything.</param>
public sealed class KlockException(ErrorCode code, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>The code, for programs.</summary>
    public ErrorCode Code { get; } = code;
}
