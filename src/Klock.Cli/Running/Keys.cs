using System.Runtime.Versioning;

namespace Klock.Cli.Running;

/// <summary>The keys of a terminal, each as it is sent: a letter, or ESC [ and what follows for keys without one.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Keys : IDisposable
{
    private const char Escape = '\x1b';

    // The part of a key that has arrived: over a network its bytes may come one by one.
    private string _begun = "";

    /// <summary>Whether the terminal is gone, so that no more keys will come.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Waits for keys, and returns those that came in time.</summary>
    public IEnumerable<string> Read(TimeSpan wait)
    {
        string? sent = NativeCalls.ReadKeys(wait);
        IsOver = sent is null;
        string text = _begun + sent;
        var keys = new List<string>();
        int start = 0;
        while (start < text.Length && LengthOf(text.AsSpan(start)) is var length and > 0)
        {
            keys.Add(text.Substring(start, length));
            start += length;
        }

        _begun = text[start..];
        return keys;
    }

    /// <summary>Restores the terminal.</summary>
    public void Dispose() => NativeCalls.EndKeys();

    // The length of the first key; 0 while its end has not arrived. By ECMA-48: parameters, then a letter or '~'.
    private static int LengthOf(ReadOnlySpan<char> sent)
    {
        if (sent[0] != Escape)
        {
            return 1;
        }

        if (sent.Length > 1 && sent[1] is not ('[' or 'O'))
        {
            return 1;
        }

        int end = sent.Length < 3 ? -1 : sent[2..].IndexOfAnyInRange('@', '~');
        return end + (end < 0 ? 1 : 3);
    }
}
