using System.Text;
using System.Text.RegularExpressions;

namespace Klock.Agents.Install;

/// <summary>Files that <c>klock install</c> makes whole, each known by a mark in it.</summary>
internal static partial class OwnFile
{
    private const string Mark = "klock install";

    /// <summary>The file's content; null when it is not there.</summary>
    /// <exception cref="InstallException">Somebody else wrote a file of that name: it is not ours to change.</exception>
    public static byte[]? Read(string path) => HookFile.Read(path) is not { } bytes ? null
        : Encoding.UTF8.GetString(bytes).Contains(Mark, StringComparison.Ordinal) ? bytes
        : throw new InstallException(path, "it is there and was not made by klock install");

    /// <summary>The commands in the file that call <c>klock hook</c>, by event.</summary>
    /// <exception cref="InstallException">Somebody else wrote a file of that name.</exception>
    public static IEnumerable<KeyValuePair<string, string>> CommandsIn(string path) => Read(path) is { } bytes
        ? Commands().Matches(Encoding.UTF8.GetString(bytes)).DistinctBy(match => match.Groups["event"].Value).Select(match =>
            KeyValuePair.Create(match.Groups["event"].Value, match.Value.Replace(@"\""", "\"", StringComparison.Ordinal)))
        : [];

    [GeneratedRegex("""[^"'\n]*klock'? hook (?<client>\w+) (?<event>\w+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Commands();
}
