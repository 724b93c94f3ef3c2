namespace Klock.Kernel.Resources;

/// <summary>The hash of a resource's name, made part by part, so that each directory's can be had from those of what lies in it.</summary>
/// <remarks>Of one process: no decision depends on it. It is seeded, so that nobody can ask for names that fall on one place.</remarks>
internal static class PathHash
{
    private const uint Factor = 2_654_435_769;

    // Their product is 1, modulo 2^32.
    private const uint Inverse = 340_573_321;

    /// <summary>The hash of what lies in something of this hash, under this name.</summary>
    public static uint Add(uint around, ReadOnlySpan<char> part) => unchecked((around * Factor) + Of(part));

    /// <summary>The hash of what something of this hash and name lies in.</summary>
    public static uint TakeOff(uint hash, ReadOnlySpan<char> part) => unchecked((hash - Of(part)) * Inverse);

    /// <summary>What the hashes of a namespace start from; those of none start from 0.</summary>
    public static uint OfNamespace(string? name) => name is null ? 0 : Of(name);

    /// <summary>The hash of a FILE path in normal form.</summary>
    /// <param name="normal">The path.</param>
    /// <param name="start">What the hashes of its namespace start from.</param>
    public static uint OfFile(ReadOnlySpan<char> normal, uint start)
    {
        int root = FilePath.RootLength(normal);
        uint hash = start + (root == 0 ? 0u : normal[0]);
        ReadOnlySpan<char> rest = normal[root..];
        if (rest.IsEmpty || (root == 0 && rest.SequenceEqual(FilePath.RelativeRoot)))
        {
            return hash;
        }

        for (int slash = rest.IndexOf('/'); slash >= 0; slash = rest.IndexOf('/'))
        {
            hash = Add(hash, rest[..slash]);
            rest = rest[(slash + 1)..];
        }

        return Add(hash, rest);
    }

    private static uint Of(ReadOnlySpan<char> part) => unchecked((uint)string.GetHashCode(part, StringComparison.Ordinal));
}
