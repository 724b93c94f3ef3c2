namespace Klock.Coordinator.Protocol;

/// <summary>Why a request for leases was not granted (SPEC KLIS-3). A refusal is no error: nothing was wrong with the request.</summary>
public enum RefusalReason
{
    /// <summary>Only younger sessions are in the way: asking again, or waiting, leads to a grant.</summary>
    Wait,

    /// <summary>An older session is in the way: a session that holds something must release it.</summary>
    Die,

    /// <summary>The time to wait was up.</summary>
    WaitTimeout,
}

/// <summary>A reason in all its forms.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Name">Its name on the wire: an answer's <c>reason</c>.</param>
/// <param name="ExitCode">The exit code of the command line.</param>
/// <param name="Meaning">One sentence for a person who looks it up.</param>
public sealed record RefusalReasonInfo(RefusalReason Reason, string Name, int ExitCode, string Meaning);

/// <summary>The one table of refusals. Thread-safe.</summary>
public static class RefusalReasons
{
    /// <summary>The status that a server answers every refusal with: conflict.</summary>
    public const int HttpStatus = 409;

    /// <summary>All of them, indexed by reason.</summary>
    public static IReadOnlyList<RefusalReasonInfo> All { get; } =
    [
        new(RefusalReason.Wait, "WAIT", 10, "The request is older than all in its way and may wait."),
        new(RefusalReason.Die, "DIE", 11, "An older session is in the way: release what you hold and start over."),
        new(RefusalReason.WaitTimeout, "WAIT_TIMEOUT", 12, "wait_ms is over."),
    ];

    /// <summary>The entry of a reason.</summary>
    public static RefusalReasonInfo Info(this RefusalReason reason) => All[(int)reason];

    /// <summary>The name of a reason, as it stands in an answer's <c>reason</c>.</summary>
    public static string ToName(this RefusalReason reason) => reason.Info().Name;

    /// <summary>The reason with a name; null when there is none.</summary>
    public static RefusalReason? Find(string name) => All.FirstOrDefault(info => info.Name == name)?.Reason;
}
