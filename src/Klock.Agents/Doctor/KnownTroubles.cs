using System.Text.RegularExpressions;

namespace Klock.Agents.Doctor;

/// <summary>What versions of clients are known for that bears on protection: each seen on the real program.</summary>
internal static partial class KnownTroubles
{
    // From and to, both included; no first or last version where it is not known that another behaves otherwise.
    private static readonly (string Client, string? From, string? To, string Sentence)[] _all =
    [
        ("claude", null, null, "an answer of a hook that is no JSON lets the edit through, whatever onFailure says"),
        ("codex", null, null, "a hook that fails, is missing or runs out of its time lets the edit through"),
        ("gemini", null, null, "a hook that exits with 1 or runs out of its time lets the edit through"),
        ("opencode", null, null, "a plugin that cannot be loaded is skipped in silence"),
        ("qwen", null, "0.15.10", "npm gives this version to Node 20, and Klock is tested with 0.24.4: name that version to npm"),
        ("qwen", null, null, "a hook that fails or runs out of its time lets the edit through"),
        ("copilot", null, null, "a hook that runs out of its time lets the edit through"),
        ("cline", null, null, "a hook that fails or runs out of its time lets the edit through"),
    ];

    /// <summary>What is known of a version.</summary>
    /// <param name="client">The client.</param>
    /// <param name="version">What its program says of its version; null when it is not known.</param>
    public static IEnumerable<string> Of(string client, string? version) =>
        version is not null && Digits().Match(version) is { Success: true } match
        && Version.TryParse(match.Value, out Version? number)
            ? _all.Where(one => one.Client == client && IsIn(number, one.From, one.To)).Select(one => one.Sentence) : [];

    private static bool IsIn(Version number, string? from, string? to) =>
        (from is null || number >= Version.Parse(from)) && (to is null || number <= Version.Parse(to));

    [GeneratedRegex(@"\d+\.\d+\.\d+", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();
}
