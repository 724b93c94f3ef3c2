namespace Klock.Coordinator.Protocol;

/// <summary>An error code in all its forms.</summary>
/// <param name="Code">Which error.</param>
/// <param name="Name">Its name on the wire: an answer's <c>code</c>.</param>
/// <param name="HttpStatus">The status that a server answers it with.</param>
/// <param name="ExitCode">The exit code of the command line.</param>
/// <param name="Meaning">One sentence for a person who looks it up.</param>
public sealed record ErrorCodeInfo(ErrorCode Code, string Name, int HttpStatus, int ExitCode, string Meaning);

/// <summary>The one table of error codes. Thread-safe.</summary>
public static class ErrorCodes
{
    /// <summary>All of them, indexed by code.</summary>
    public static IReadOnlyList<ErrorCodeInfo> All { get; } =
    [
        new(ErrorCode.InvalidRequest, "INVALID_REQUEST", 400, 2,
            "A field is missing, of the wrong type or outside of its limits, or the request is not JSON."),
        new(ErrorCode.UnknownLease, "UNKNOWN_LEASE", 404, 3, "No lease of that id is held: it was released, revoked, or never existed."),
        new(ErrorCode.Expired, "EXPIRED", 410, 3, "The lease has run out: acquire again and read again."),
        new(ErrorCode.AgentBusy, "AGENT_BUSY", 409, 6, "The agent's priority cannot change while it holds or waits for anything."),
        new(ErrorCode.PayloadTooLarge, "PAYLOAD_TOO_LARGE", 413, 2, "The request has more than 1 MiB."),
        new(ErrorCode.StorageUnavailable, "STORAGE_UNAVAILABLE", 503, 4,
            "The store fails: nothing was granted or changed that it does not hold."),
        new(ErrorCode.Closed, "CLOSED", 503, 4, "The store, the session or the server was closed."),
        new(ErrorCode.Internal, "INTERNAL", 500, 1, "A defect in Klock."),
        new(ErrorCode.Unauthorized, "UNAUTHORIZED", 401, 5, "The request came without a key that opens the server."),
        new(ErrorCode.Forbidden, "FORBIDDEN", 403, 5, "The key may not do this, or a web page asks that has no business here."),
    ];

    /// <summary>The entry of a code.</summary>
    public static ErrorCodeInfo Info(this ErrorCode code) => All[(int)code];

    /// <summary>The name of a code, as it stands in an answer's <c>code</c>.</summary>
    public static string ToName(this ErrorCode code) => code.Info().Name;

    /// <summary>The code with a name; null when there is none.</summary>
    public static ErrorCode? Find(string name) => All.FirstOrDefault(info => info.Name == name)?.Code;
}
