namespace Klock.Coordinator.Protocol;

/// <summary>What kind of reply a request got.</summary>
public enum ReplyKind
{
    /// <summary>None yet.</summary>
    None,

    /// <summary>The request was carried out; it did not ask for leases.</summary>
    Done,

    /// <summary>Leases, or the change of one, were granted.</summary>
    Granted,

    /// <summary>Leases, or the change of one, were refused.</summary>
    Refused,

    /// <summary>The request could not be carried out.</summary>
    Failed,
}

/// <summary>The kind of a reply, for callers who need not parse its text.</summary>
public readonly record struct Outcome
{
    private Outcome(ReplyKind kind, RefusalReason? refusal = null, ErrorCode? error = null) =>
        (Kind, Refusal, Error) = (kind, refusal, error);

    /// <summary>Done, or shown.</summary>
    public static Outcome Done => new(ReplyKind.Done);

    /// <summary>Granted.</summary>
    internal static Outcome Granted => new(ReplyKind.Granted);

    /// <summary>What kind of reply.</summary>
    public ReplyKind Kind { get; }

    /// <summary>Why it was refused; null when it was not.</summary>
    public RefusalReason? Refusal { get; }

    /// <summary>Why it could not be carried out; null when it could.</summary>
    public ErrorCode? Error { get; }

    /// <summary>Whether it was done or granted.</summary>
    public bool IsSuccess => Kind is ReplyKind.Done or ReplyKind.Granted;

    /// <summary>Its name in logs: that of the refusal or the error, else <c>done</c>.</summary>
    public string Name => Refusal?.ToName() ?? Error?.ToName() ?? "done";

    /// <summary>Refused.</summary>
    public static Outcome Refused(RefusalReason reason) => new(ReplyKind.Refused, refusal: reason);

    /// <summary>Not carried out.</summary>
    public static Outcome Failed(ErrorCode code) => new(ReplyKind.Failed, error: code);
}
