using Klock.Storage.Hammer;

namespace Klock.Storage.Tests.Hammering;

/// <summary>What a worker's diary says, read back.</summary>
internal sealed class DiaryReader
{
    public DiaryReader(string path)
    {
        // A last line without an end was being written when its writer was killed: nobody relies on it.
        string text = File.Exists(path) ? File.ReadAllText(path) : "";
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Read(line.Split(' ', 2)[0], line.Split(' '));
            if (line.StartsWith(DiaryLine.Wrong, StringComparison.Ordinal))
            {
                Wrongs.Add(line);
            }
        }
    }

    /// <summary>Everything that must not happen but did.</summary>
    public List<string> Wrongs { get; } = [];

    /// <summary>The tokens of all grants, in the order of their answers.</summary>
    public List<long> Tokens { get; } = [];

    /// <summary>How many requests were refused, by verdict.</summary>
    public Dictionary<string, int> Refusals { get; } = [];

    /// <summary>The leases that were granted and whose release was never begun: until when they last.</summary>
    public Dictionary<string, long> Held { get; } = [];

    /// <summary>The leases whose release was acknowledged.</summary>
    public List<string> Released { get; } = [];

    public int RefusedAs(string verdict) => Refusals.GetValueOrDefault(verdict);

    private void Read(string kind, string[] words)
    {
        switch (kind)
        {
            case DiaryLine.Grant:
                Held[words[1]] = Number(words[3]);
                Tokens.Add(Number(words[2]));
                break;
            case DiaryLine.Renewal:
                Held[words[1]] = Number(words[2]);
                break;
            case DiaryLine.Releasing:
                Held.Remove(words[1]);
                break;
            case DiaryLine.Released:
                Released.Add(words[1]);
                break;
            case DiaryLine.Refusal:
                Refusals[words[1]] = RefusedAs(words[1]) + 1;
                break;
            default:
                break;
        }
    }

    private static long Number(string word) => long.Parse(word);
}
