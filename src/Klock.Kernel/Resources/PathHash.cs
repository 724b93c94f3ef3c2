namespace Klock.Kernel.Resources;

/// <summary>The hash of a resource's name, made part by part, so that a directory's hash follows from that of any name in it.</summary>
/// <remarks>Of one process: no decision depends on it. It is seeded, so that nobody can choose names that collide.</remarks>
internal static class PathHash
{
    private const uint Factor = 2_654_435_769;

    // The inverse of Factor: their product is 1, modulo 2^32.
    private const uint Inverse = 340_573_321;

    /// <summary>The hash of a name inside something that has this hash.</summary>
    public static uint Add(uint around, ReadOnlySpan<char> part) => unchecked((around * Factor) + Of(part));

    /// <summary>The hash of what contains the name that has this hash.</summary>
    public static uint TakeOff(uint hash, ReadOnlySpan<char> part) => unchecked((hash - Of(part)) * Inverse);

    /// <summary>The start value for the hashes of a namespace; 0 for none.</summary>
    public static uint OfNamespace(string? name) => name is null ? 0 : Of(name);

    /// <summary>The hash of a FILE path in normal form.</summary>
    /// <param name="normal">The path.</param>
    /// <param name="start">The start value of its namespace.</param>
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
