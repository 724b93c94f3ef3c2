using Klock.Coordinator.Protocol;
using Klock.Kernel;

namespace Klock.Coordinator.Json;

/// <summary>The errors for requests past a limit of the table (<see cref="TableLimits"/>).</summary>
internal static class LimitSentences
{
    /// <summary>Writes the error for one of the statuses about a limit.</summary>
    /// <remarks>Past a limit of the session the request is invalid; past a limit of the store it may be sent again later.</remarks>
    public static Outcome Write(ref JsonText json, CommandStatus status, TableLimits limits)
    {
        (ErrorCode code, string sentence) = status switch
        {
            CommandStatus.TooManyLeasesOfSession => (ErrorCode.InvalidRequest,
                $"session_id is a session that would hold more than {limits.SessionLeases} leases, which is the most: release some first."),
            CommandStatus.TooManyWaitsOfSession => (ErrorCode.InvalidRequest,
                $"session_id is a session of which {limits.SessionWaits} requests wait, which is the most: let some of them end first."),
            CommandStatus.TooManyLeases => (ErrorCode.StorageUnavailable,
                $"The store would hold more than {limits.Leases} leases, which is the most: ask again when some have ended."),
            CommandStatus.TooManyWaits => (ErrorCode.StorageUnavailable,
                $"{limits.Waits} requests wait in the store, which is the most: ask again when some have ended."),
            CommandStatus.TooManyWaitsForName => (ErrorCode.StorageUnavailable,
                $"{limits.NameWaits} requests wait for one of the resources, which is the most: ask again when some have ended."),
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "says of nothing that it is too much"),
        };
        return Answers.WriteError(ref json, code, sentence);
    }
}
