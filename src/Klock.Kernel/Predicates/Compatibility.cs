namespace Klock.Kernel.Predicates;

/// <summary>Which predicates may be held on meeting resources at once (KLIS-2). Symmetric.</summary>
/// <remarks>
/// The conflict sets nest, so a predicate's whole behaviour is one small number, its strength: readers 0, PROVIDES 1,
/// the rest 2. Two predicates conflict exactly when their strengths add up to 2 or more. The resource tree counts
/// claims by strength for that reason; <see cref="Conflicts"/> answers for one pair by a single bit test.
/// </remarks>
public static class Compatibility
{
    /// <summary>How many strengths there are: 0, 1 and 2.</summary>
    public const int Strengths = 3;

    /// <summary>The largest strength, and the sum from which two predicates conflict.</summary>
    public const int Exclusive = 2;

    /// <summary>Whether predicates of these strengths conflict, on one name.</summary>
    internal static bool StrengthsConflict(int one, int other) => one + other >= Exclusive;

    private const int PredicateCount = 6;

    // Bit a * 6 + b is set when predicates a and b conflict. A constant, so that a look-up is a shift and a mask.
    // Rows from index 0 (PROVIDES) up; the readers CONSUMES (1) and DEPENDS_ON (4) conflict with 2, 3 and 5 only.
    private const ulong ConflictBits =
        (AllButReaders << (0 * PredicateCount)) |
        (WritersInPlace << (1 * PredicateCount)) |
        (All << (2 * PredicateCount)) |
        (All << (3 * PredicateCount)) |
        (WritersInPlace << (4 * PredicateCount)) |
        (All << (5 * PredicateCount));

    private const ulong All = 0b111111;
    private const ulong AllButReaders = 0b101101;
    private const ulong WritersInPlace = 0b101100;

    /// <summary>Whether the two may not be held on meeting resources by different sessions at once.</summary>
    public static bool Conflicts(Predicate a, Predicate b) => (ConflictBits >> (((int)a * PredicateCount) + (int)b) & 1) != 0;

    /// <summary>0 for readers, 1 for PROVIDES, 2 for the rest.</summary>
    internal static int Strength(Predicate predicate) => predicate switch
    {
        Predicate.Consumes or Predicate.DependsOn => 0,
        Predicate.Provides => 1,
        _ => Exclusive,
    };
}
