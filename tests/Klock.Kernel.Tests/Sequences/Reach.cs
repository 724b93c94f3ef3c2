using System.Collections.Concurrent;
using Xunit;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>Counts what the random sequences came by, so that a property cannot hold only because nothing happened.</summary>
internal sealed class Reach
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(Command command, Answer answer)
    {
        Add($"{command.GetType().Name} {answer.Outcome}");
        if (answer.Count > 16)
        {
            Add("more conflicts than are listed");
        }

        if (answer is { Count: > 0, PauseMs: > 0 and < 1000 })
        {
            Add("a pause shorter than the longest");
        }
    }

    /// <summary>Fails unless each of these happened this many times.</summary>
    public void AssertReached(int times, params string[] happenings)
    {
        string[] rare = [.. happenings.Where(happening => _counts.GetValueOrDefault(happening) < times)];
        Assert.True(rare.Length == 0, $"too rare: {string.Join(", ", rare)}\n{this}");
    }

    public override string ToString() =>
        string.Join('\n', _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}: {count.Value}"));

    public void Add(string happening) => _counts.AddOrUpdate(happening, 1, (_, count) => count + 1);
}
