namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>A lease as its holder knows it, who goes by the real time.</summary>
internal sealed class Belief
{
    public required string Agent { get; init; }

    public required string Path { get; init; }

    public required bool IsExclusive { get; init; }

    public required string LeaseId { get; init; }

    public required long Token { get; init; }

    public required long TtlMs { get; init; }

    /// <summary>Until when, in real ms, it may rely on it: the sending of the last request that gave it time, and its ttl.</summary>
    public required long UntilMs { get; set; }

    /// <summary>Whether a request was sent that ends it, or may have.</summary>
    public bool IsGivenUp { get; set; }

    public bool IsRelied(long nowMs) => !IsGivenUp && nowMs < UntilMs;

    public bool Conflicts(Belief other) =>
        Agent != other.Agent && (IsExclusive || other.IsExclusive)
        && (Path == other.Path || IsIn(Path, other.Path) || IsIn(other.Path, Path));

    private static bool IsIn(string path, string folder) => folder.EndsWith("/*", StringComparison.Ordinal)
        && path.StartsWith(folder[..^1], StringComparison.Ordinal);
}
