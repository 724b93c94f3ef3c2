using Klock.Coordinator.Protocol;

namespace Klock.Server.Http;

/// <summary>The HTTP status of a reply.</summary>
internal static class HttpStatus
{
    /// <param name="outcome">The kind of the reply.</param>
    /// <param name="success">The status of one that is neither a refusal nor an error.</param>
    public static int Of(Outcome outcome, int success) => outcome.Kind switch
    {
        ReplyKind.Refused => RefusalReasons.HttpStatus,
        ReplyKind.Failed => outcome.Error!.Value.Info().HttpStatus,
        _ => success,
    };
}
