namespace Klock.Simulation.Tests.Programs;

/// <summary>Random numbers that are the same for a seed on every machine and runtime: SplitMix64 (Steele, Lea and Flood 2014).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15;

    /// <summary>From 0 up to, not including, this.</summary>
    public int Next(int below) => (int)(NextBits() % (ulong)below);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    /// <summary>Picks by weight; at least one weight is above 0.</summary>
    public T Weighted<T>(IReadOnlyList<(int Weight, T Item)> from)
    {
        int left = Next(from.Sum(choice => choice.Weight));
        foreach ((int weight, T item) in from)
        {
            left -= weight;
            if (left < 0)
            {
                return item;
            }
        }

        throw new ArgumentException("has no weight", nameof(from));
    }

    private ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
