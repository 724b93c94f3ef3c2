using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Klock.Coordinator.Namespaces;
using Klock.Server.Startup;

namespace Klock.Server.Keys;

/// <summary>The keys that this server accepts. Immutable.</summary>
internal sealed class KeyRing
{
    /// <summary>The longest key, in bytes.</summary>
    public const int LongestKeyBytes = 256;

    /// <summary>The variable with a key. There is no flag for it: other users see the arguments of every process.</summary>
    public const string Variable = "KLOCK_API_KEY";

    /// <summary>A line of the file of keys.</summary>
    public const string LineForm = "KEY [read-only] [namespace=NAME]... [# comment]";

    private const string ReadOnly = "read-only";
    private const string NamespacePrefix = "namespace=";
    private const int MostNamespaces = 64;
    private const int PaddedBytes = LongestKeyBytes + sizeof(int);

    private readonly List<(byte[] Padded, KeyRights Rights)> _keys = [];

    private KeyRing()
    {
    }

    /// <summary>No key is needed.</summary>
    public bool IsEmpty => _keys.Count == 0;

    /// <summary>How many there are.</summary>
    public int Count => _keys.Count;

    /// <summary>Reads the keys: the one of the environment, which may do everything, and those of a file.</summary>
    /// <param name="variable">The environment's; null when there is none, or empty, as compose files set what is not given.</param>
    /// <param name="file">The path of the file; null when there is none.</param>
    /// <exception cref="StartFailure">A key is invalid, or the file cannot be read or is empty. No key is quoted.</exception>
    public static KeyRing Read(string? variable, string? file)
    {
        var ring = new KeyRing();
        if (!string.IsNullOrEmpty(variable))
        {
            ring.Add(variable, new KeyRights(Access.Full, NamespaceScope.All), Variable);
        }

        if (file is not null)
        {
            ring.AddFile(file);
        }

        return ring;
    }

    /// <summary>The rights of a key; null when it is none of these.</summary>
    /// <remarks>Takes as long for any text: every key is compared with all of it, padded to one length.</remarks>
    public KeyRights? Find(ReadOnlySpan<byte> presented)
    {
        Span<byte> padded = stackalloc byte[PaddedBytes];
        Pad(presented, padded);
        KeyRights? found = null;
        foreach ((byte[] key, KeyRights rights) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(padded, key))
            {
                found = rights;
            }
        }

        return found;
    }

    // The length is compared too, else a key and the same key followed by zeros would be equal.
    private static void Pad(ReadOnlySpan<byte> key, Span<byte> padded)
    {
        padded.Clear();
        key[..Math.Min(key.Length, LongestKeyBytes)].CopyTo(padded);
        BinaryPrimitives.WriteInt32LittleEndian(padded[LongestKeyBytes..], key.Length);
    }

    private void AddFile(string file)
    {
        string[] lines = StartFile.Read("--api-key-file", file).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string[] words = [.. lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeWhile(word => word[0] != '#')];
            string where = $"--api-key-file, line {i + 1},";
            if (words is [string key, .. string[] rights])
            {
                Add(key, ReadRights(rights, where), where);
            }
        }

        if (IsEmpty)
        {
            throw new StartFailure("--api-key-file has no key: it must have one a line.");
        }
    }

    private static KeyRights ReadRights(string[] words, string where)
    {
        var access = Access.Full;
        var names = new List<string>();
        foreach (string word in words)
        {
            if (word == ReadOnly)
            {
                access = Access.ReadOnly;
            }
            else if (word.StartsWith(NamespacePrefix, StringComparison.Ordinal))
            {
                names.Add(ReadNamespace(word[NamespacePrefix.Length..], where));
            }
            else
            {
                throw new StartFailure($"{where} is not {LineForm}.");
            }
        }

        return names.Count > MostNamespaces
            ? throw new StartFailure($"{where} confines a key to {names.Count} namespaces: at most {MostNamespaces} are allowed.")
            : RightsOf(access, names.Count == 0 ? NamespaceScope.All : NamespaceScope.Of(names));
    }

    private static KeyRights RightsOf(Access access, NamespaceScope scope) =>
        new(access, access == Access.ReadOnly ? scope.WithoutLeaseIds() : scope);

    // A space, a comment's mark and what is no plain text are written %20, %23 and so on.
    private static string ReadNamespace(string text, string where)
    {
        string name = Uri.UnescapeDataString(text);
        return NamespaceText.Problem(name) is not { } problem ? name
            : throw new StartFailure($"{where} has a namespace that {problem}: it must be {NamespaceText.Allowed}.");
    }

    private void Add(string key, KeyRights rights, string where)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(key);
        if (utf8.Length is 0 or > LongestKeyBytes || !key.All(c => c is > ' ' and <= '~'))
        {
            throw new StartFailure($"{where} holds no usable key: it must be 1 to {LongestKeyBytes} printable ASCII characters, no space.");
        }

        byte[] padded = new byte[PaddedBytes];
        Pad(utf8, padded);
        _keys.Add((padded, rights));
    }
}
