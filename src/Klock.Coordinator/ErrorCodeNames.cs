namespace Klock.Coordinator;

/// <summary>The names of error codes on the wire.</summary>
public static class ErrorCodeNames
{
    private static readonly string[] Names = [.. Enum.GetValues<ErrorCode>().Select(NameOf)];

    /// <summary>The name of a code, as it stands in an answer's <c>code</c>.</summary>
    public static string ToName(this ErrorCode code) => Names[(int)code];

    /// <summary>Reads a name; null when no code is called so.</summary>
    public static ErrorCode? Find(ReadOnlySpan<byte> utf8Name)
    {
        for (int i = 0; i < Names.Length; i++)
        {
            if (System.Text.Ascii.Equals(utf8Name, Names[i]))
            {
                return (ErrorCode)i;
            }
        }

        return null;
    }

    private static string NameOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidRequest => "INVALID_REQUEST",
        ErrorCode.UnknownLease => "UNKNOWN_LEASE",
        ErrorCode.Expired => "EXPIRED",
        ErrorCode.AgentBusy => "AGENT_BUSY",
        ErrorCode.PayloadTooLarge => "PAYLOAD_TOO_LARGE",
        ErrorCode.StorageUnavailable => "STORAGE_UNAVAILABLE",
        ErrorCode.Closed => "CLOSED",
        ErrorCode.Internal => "INTERNAL",
        ErrorCode.Unauthorized => "UNAUTHORIZED",
        ErrorCode.Forbidden => "FORBIDDEN",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "not a code"),
    };
}
