namespace Klock.Storage.Hammer;

/// <summary>
/// What is fought over, and which claims on it may not be held at once: written down from SPEC, by hand, so that the witness
/// does not ask the kernel whether the kernel is right.
/// </summary>
public static class Ground
{
    private static readonly string[] Predicates = ["CONSUMES", "DEPENDS_ON", "PROVIDES", "MUTATES", "DELETES", "RENAMES"];

    private static readonly (string Type, string Path)[] Resources =
    [
        ("FILE", "src/a.ts"), ("FILE", "src/b.ts"), ("FILE", "src/**"), ("FILE", "docs/x.md"), ("SYMBOL", "src/a.ts#f"),
        ("SYMBOL", "src/a.ts#g"), ("SYMBOL", "src/b.ts#f"), ("CUSTOM", "deploy"),
    ];

    // Besides every resource with itself.
    private static readonly (string Path, string Other)[] Meeting =
    [
        ("src/**", "src/a.ts"), ("src/**", "src/b.ts"), ("src/**", "src/a.ts#f"), ("src/**", "src/a.ts#g"), ("src/**", "src/b.ts#f"),
        ("src/a.ts", "src/a.ts#f"), ("src/a.ts", "src/a.ts#g"), ("src/b.ts", "src/b.ts#f"),
    ];

    private static readonly (string Predicate, string Other)[] Compatible =
    [
        ("CONSUMES", "CONSUMES"), ("CONSUMES", "DEPENDS_ON"), ("DEPENDS_ON", "DEPENDS_ON"),
        ("PROVIDES", "CONSUMES"), ("PROVIDES", "DEPENDS_ON"),
    ];

    private static readonly int[][] Conflicting = [.. Enumerable.Range(0, Cells).Select(cell => AllConflictingWith(cell).ToArray())];

    /// <summary>How many cells there are: every predicate on every resource.</summary>
    public static int Cells => Resources.Length * Predicates.Length;

    /// <summary>How many resources there are.</summary>
    public static int ResourceCount => Resources.Length;

    /// <summary>Which resource a cell is on.</summary>
    public static int ResourceOf(int cell) => cell / Predicates.Length;

    /// <summary>Whether the cell's predicate is one of those that fencing guards against: all but the readers.</summary>
    public static bool IsWriting(int cell) => cell % Predicates.Length >= 2;

    /// <summary>The cells that nobody else may be in while one is in this one.</summary>
    public static IReadOnlyList<int> ConflictsOf(int cell) => Conflicting[cell];

    /// <summary>What to ask for to get into a cell.</summary>
    public static (string Type, string Path, string Predicate) Claim(int cell)
    {
        (string type, string path) = Resources[ResourceOf(cell)];
        return (type, path, Predicates[cell % Predicates.Length]);
    }

    private static IEnumerable<int> AllConflictingWith(int cell) =>
        Enumerable.Range(0, Cells).Where(other => Conflict(Claim(cell), Claim(other)));

    private static bool Conflict((string Type, string Path, string Predicate) a, (string Type, string Path, string Predicate) b) =>
        (a.Path == b.Path || Meeting.Contains((a.Path, b.Path)) || Meeting.Contains((b.Path, a.Path)))
        && !Compatible.Contains((a.Predicate, b.Predicate)) && !Compatible.Contains((b.Predicate, a.Predicate));
}
