namespace Klock.Kernel.Tests.WaitDie;

/// <summary>Someone who may hold what agent "m", session "m", priority 10 asks for. In order of age; the age is written by hand.</summary>
internal sealed record Holder(string Agent, string Session, ulong Priority, bool IsOlder)
{
    public const string Requester = "m";
    public const ulong RequesterPriority = 10;

    public static IReadOnlyList<Holder> OldestFirst { get; } =
    [
        new("z9", "z", 9, IsOlder: true),
        new("a", "z", 10, IsOlder: true),
        new("m", "a", 10, IsOlder: true),
        new("m", "n", 10, IsOlder: false),
        new("mm", "a", 10, IsOlder: false),
        new("\uE000", "a", 10, IsOlder: false),
        new("\U00010000", "a", 10, IsOlder: false),
        new("a11", "a", 11, IsOlder: false),
    ];

    /// <summary>Every selection of at most four of them, in every order.</summary>
    public static IEnumerable<Holder[]> Arrangements(int atMost = 4)
    {
        yield return [];
        if (atMost == 0)
        {
            yield break;
        }

        foreach (Holder[] fewer in Arrangements(atMost - 1))
        {
            // Only the longest grow on, so that none is given twice.
            foreach (Holder next in fewer.Length == atMost - 1 ? OldestFirst.Except(fewer) : [])
            {
                yield return [.. fewer, next];
            }

            if (fewer.Length > 0)
            {
                yield return fewer;
            }
        }
    }
}
