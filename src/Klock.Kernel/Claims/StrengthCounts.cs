using Klock.Kernel.Invariants;
using Klock.Kernel.Predicates;

namespace Klock.Kernel.Claims;

/// <summary>How many claims of each strength there are in one place of the resource tree.</summary>
internal struct StrengthCounts
{
    private int _readers;
    private int _providers;
    private int _exclusives;

    /// <summary>Whether nothing is counted.</summary>
    public readonly bool IsEmpty => (_readers | _providers | _exclusives) == 0;

    /// <summary>How many are counted.</summary>
    public readonly int Total => _readers + _providers + _exclusives;

    /// <inheritdoc/>
    public override readonly string ToString() => $"{_readers}+{_providers}+{_exclusives}";

    /// <summary>Counts one claim in (+1) or out (-1).</summary>
    public void Add(int strength, int change)
    {
        switch (strength)
        {
            case 0: _readers += change; break;
            case 1: _providers += change; break;
            default: _exclusives += change; break;
        }

        Invariant.Require((_readers | _providers | _exclusives) >= 0, "a count of claims is not negative");
    }

    /// <summary>Whether any claim counted here conflicts with one of this strength: strengths that add up to 2 do.</summary>
    public readonly bool AnyConflictWith(int strength) =>
        (_exclusives | (strength >= 1 ? _providers : 0) | (strength >= Compatibility.Exclusive ? _readers : 0)) != 0;
}
