using System.Diagnostics.CodeAnalysis;

namespace Klock.Kernel.Invariants;

/// <summary>What must hold whenever a piece of state changes. Checked where it changes, in every build: it costs a comparison.</summary>
internal static class Invariant
{
    /// <summary>Throws unless it holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="what">What must hold.</param>
    /// <exception cref="BrokenInvariantException">It does not.</exception>
    public static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
        {
            Throw(what);
        }
    }

    [DoesNotReturn]
    private static void Throw(string what) => throw new BrokenInvariantException($"The kernel's state is broken: {what} does not hold.");
}
