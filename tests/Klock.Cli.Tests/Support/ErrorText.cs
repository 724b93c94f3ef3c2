using System.Text.RegularExpressions;

namespace Klock.Cli.Tests.Support;

/// <summary>What no sentence for people may have in it.</summary>
internal static partial class ErrorText
{
    /// <summary>Of .NET and of libraries: their types, the keys of their texts, the texts themselves.</summary>
    [GeneratedRegex(@"System\.|Exception|Nullable|`\d|IO_|Arg_|see inner|\\x0a"
        + @"|\\x09|\{\w+\}|localhost:80\)|Parameter '|Object reference|SQLitePCL|net_|RemoteCertificate"
        + @"|frame size|SSL routines|Could not find|Access to the path|Unrecognized|Required argument", RegexOptions.None, 1_000)]
    public static partial Regex OfDotnet();

    /// <summary>Those, and the names of fields of JSON that nobody has typed.</summary>
    public static Regex NotForPeople() => new(
        OfDotnet() + @"|\b(wait_ms|session_id|agent_id|lease_id|request_id|resource_path)\b", RegexOptions.None, TimeSpan.FromSeconds(1));
}
