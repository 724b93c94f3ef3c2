namespace Klock.Simulation.Tests;

/// <summary>The kernel did what SPEC does not allow, or left undone what it asks for.</summary>
internal sealed class Violation : Exception
{
    public Violation(string what)
        : base(what)
    {
    }

    public static void Unless(bool holds, string what)
    {
        if (!holds)
        {
            throw new Violation(what);
        }
    }

    public static void UnlessSame<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new Violation($"{what}: expected {expected}, is {actual}");
        }
    }
}
