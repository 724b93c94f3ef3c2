using System.Text;

namespace Klock.Agents.Install.Text;

/// <summary>Replacements in a file, by places in the file as it was; no two of them overlap.</summary>
internal sealed class Splices
{
    private readonly List<(int Start, int End, string Text)> _all = [];

    /// <summary>Puts a text in.</summary>
    public Splices Insert(int at, string text) => Replace(at, at, text);

    /// <summary>Takes a part out.</summary>
    public Splices Remove(int start, int end) => Replace(start, end, "");

    /// <summary>Puts a text in the place of a part.</summary>
    public Splices Replace(int start, int end, string text)
    {
        _all.Add((start, end, text));
        return this;
    }

    /// <summary>The file with all of them.</summary>
    public byte[] Apply(byte[] bytes)
    {
        using MemoryStream result = new(bytes.Length + 256);
        int at = 0;
        // Of two at one place the one that was said first stands first: the sort is stable.
        foreach ((int start, int end, string text) in _all.OrderBy(each => each.Start))
        {
            result.Write(bytes, at, start - at);
            result.Write(Encoding.UTF8.GetBytes(text));
            at = end;
        }

        result.Write(bytes, at, bytes.Length - at);
        return result.ToArray();
    }
}
