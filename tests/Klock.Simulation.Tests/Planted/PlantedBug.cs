namespace Klock.Simulation.Tests.Planted;

/// <summary>A one-line mutation of the kernel that the simulator must notice.</summary>
/// <param name="Name">What the mutated kernel does wrong.</param>
/// <param name="File">The file, from the kernel's folder.</param>
/// <param name="Original">A piece of one line that stands in the file exactly once.</param>
/// <param name="Mutated">What stands there instead.</param>
public sealed record PlantedBug(string Name, string File, string Original, string Mutated)
{
    public string ApplyTo(string text)
    {
        int first = text.IndexOf(Original, StringComparison.Ordinal);
        if (first < 0 || text.IndexOf(Original, first + 1, StringComparison.Ordinal) >= 0)
        {
            throw new InvalidOperationException(
                $"The planted bug '{Name}' no longer fits: '{Original}' must stand in {File} exactly once. "
                + "Write the mutation anew for the kernel as it is.");
        }

        return text.Replace(Original, Mutated, StringComparison.Ordinal);
    }
}
