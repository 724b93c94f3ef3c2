using System.Text.Json;
using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Verbs;

/// <summary>The last events of those that somebody wants to see.</summary>
/// <param name="door">Where they are.</param>
/// <param name="isWanted">Which of them.</param>
/// <param name="last">How many at the most.</param>
internal sealed class RecentEvents(IDoor door, Func<JsonElement, bool> isWanted, int last)
{
    // What is wanted may be rare among renewals, which are kept for less long: each look goes so much further back.
    private const int Farther = 8;

    private const string Gap = "GAP";

    /// <summary>Reads them, from the newest back to the oldest that is kept.</summary>
    /// <param name="head">The number of the newest event.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The oldest first.</returns>
    /// <exception cref="CliFailure">They cannot be read.</exception>
    public IReadOnlyList<JsonElement> Before(long head, CancellationToken cancel)
    {
        long? oldest = null;
        for (long span = Limits.Events; last > 0; span = span > head / Farther ? head : span * Farther)
        {
            long after = Math.Max(0, head - span);
            (IReadOnlyList<JsonElement> found, long? first) = Read(after, cancel);
            if (found.Count == last || after == 0 || (first is not null && first == oldest))
            {
                return found;
            }

            oldest = first;
        }

        return [];
    }

    /// <summary>Reads those after a number.</summary>
    /// <exception cref="CliFailure">They cannot be read.</exception>
    public IReadOnlyList<JsonElement> After(long after, CancellationToken cancel) => Read(after, cancel).Found;

    private (IReadOnlyList<JsonElement> Found, long? First) Read(long after, CancellationToken cancel)
    {
        var found = new Queue<JsonElement>();
        long? first = null;
        for (int read = Limits.Events; read >= Limits.Events;)
        {
            ReadOnlyMemory<byte> request = Request.Of(("after", after), ("limit", (long)Limits.Events));
            Answer answer = door.Ask(Operation.Events, request, cancel);
            JsonElement page = answer.IsSuccess ? answer.Data : throw answer.ToFailure();
            read = page.GetArrayLength();
            foreach (JsonElement one in page.EnumerateArray())
            {
                after = Math.Max(after, one.GetProperty("seq").GetInt64());
                bool isGap = one.GetProperty("kind").GetString() == Gap;
                first ??= isGap ? null : after;
                if (!isGap && isWanted(one))
                {
                    found.Enqueue(one);
                }

                if (found.Count > last)
                {
                    found.Dequeue();
                }
            }
        }

        return ([.. found], first);
    }
}
