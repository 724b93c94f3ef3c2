using Klock.Coordinator;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>What an operation's answer came to, read off its first bytes.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">WAIT, DIE or WAIT_TIMEOUT when it is a refusal.</param>
/// <param name="Code">The error's code when it is one.</param>
internal readonly record struct Outcome(int Status, string? Reason, string? Code)
{
    private static readonly string[] Reasons = ["WAIT", "DIE", "WAIT_TIMEOUT"];

    /// <summary>The status that an error is answered with.</summary>
    public static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => StatusCodes.Status400BadRequest,
        ErrorCode.Unauthorized => StatusCodes.Status401Unauthorized,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.UnknownLease => StatusCodes.Status404NotFound,
        ErrorCode.AgentBusy => StatusCodes.Status409Conflict,
        ErrorCode.Expired => StatusCodes.Status410Gone,
        ErrorCode.PayloadTooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.StorageUnavailable or ErrorCode.Closed => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Reads an answer that a coordinator wrote: its first fields tell what it is.</summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="success">The status of one that is neither a refusal nor an error.</param>
    public static Outcome Of(ReadOnlySpan<byte> answer, int success)
    {
        ReadOnlySpan<byte> reason = "{\"success\":false,\"reason\":\""u8;
        ReadOnlySpan<byte> code = "{\"success\":false,\"code\":\""u8;
        if (answer.StartsWith(reason))
        {
            return new Outcome(StatusCodes.Status409Conflict, FindReason(answer[reason.Length..]), null);
        }

        if (!answer.StartsWith(code))
        {
            return new Outcome(success, null, null);
        }

        ErrorCode found = ErrorCodeNames.Find(UpToQuote(answer[code.Length..])) ?? throw Unknown();
        return new Outcome(StatusOf(found), null, found.ToName());
    }

    private static string FindReason(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> name = UpToQuote(text);
        foreach (string candidate in Reasons)
        {
            if (System.Text.Ascii.Equals(name, candidate))
            {
                return candidate;
            }
        }

        throw Unknown();
    }

    private static ReadOnlySpan<byte> UpToQuote(ReadOnlySpan<byte> text) => text[..text.IndexOf((byte)'"')];

    private static InvalidOperationException Unknown() => new("An answer names a code or reason that nobody here knows.");
}
