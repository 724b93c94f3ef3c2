namespace Klock.Cli.Output;

/// <summary>Translates the coordinator's sentences, which name fields of JSON, into the words of the command line.</summary>
internal static class Words
{
    private const char Quote = '"';

    // The longer ones first, since they contain the others.
    private static readonly (string Said, string Typed)[] _words =
    [
        ("wait with wait_ms", "wait with --wait 30s"),
        ("wait_ms", "--wait"),
        ("lease_id names a lease that an operator has revoked", "the lease was revoked by an operator"),
        ("lease_id names no active lease", "there is no such lease"),
        ("lease_id", "the lease's id"),
        ("request_id", "--request-id"),
        ("session_id", "--session"),
        ("agent_id", "--agent"),
        ("resource_path", "the path"),
        ("resource_type", "the type"),
        (": it must be absolute, or cwd must be an absolute path", ": say an absolute one"),
    ];

    // Fields whose names are everyday words: only at the start, where a sentence names the field.
    private static readonly string[] _starts = ["ttl", "note", "priority", "namespace"];

    /// <summary>The sentence for a request that was typed.</summary>
    public static string Of(string sentence)
    {
        string? start = Array.Find(_starts, word => sentence.StartsWith(word + " ", StringComparison.Ordinal));
        string whole = start is null ? sentence : $"--{sentence}";
        // Text of others is in quotes, and stays as it is.
        string[] parts = whole.Split(Quote);
        for (int i = 0; i < parts.Length; i += 2)
        {
            parts[i] = _words.Aggregate(parts[i], (text, word) => text.Replace(word.Said, word.Typed, StringComparison.Ordinal));
        }

        return string.Join(Quote, parts);
    }
}
