using Klock.Coordinator.Protocol;

namespace Klock.Server.Http;

/// <summary>The status that a reply is answered with.</summary>
internal static class HttpStatus
{
    /// <param name="outcome">What the reply says.</param>
    /// <param name="success">The status of one that is neither a refusal nor an error.</param>
    public static int Of(Outcome outcome, int success) => outcome.Kind switch
    {
        ReplyKind.Refused => RefusalReasons.HttpStatus,
        ReplyKind.Failed => outcome.Error!.Value.Info().HttpStatus,
        _ => success,
    };
}
