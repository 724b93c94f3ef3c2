using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Transports;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>The last of the events that pass a filter.</summary>
/// <param name="transport">Where they are.</param>
/// <param name="isWanted">The filter.</param>
/// <param name="last">How many at the most.</param>
internal sealed class RecentEvents(ITransport transport, Func<JsonElement, bool> isWanted, int last)
{
    /// <summary>Reads the last of all that are kept.</summary>
    /// <param name="head">The number of the newest event.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The oldest first.</returns>
    /// <exception cref="CliFailure">They cannot be read.</exception>
    public IReadOnlyList<JsonElement> Before(long head, CancellationToken cancel)
    {
        if (last == 0)
        {
            return [];
        }

        // Mostly the last page is enough. Where renewals outnumber all else, or numbers were skipped, the whole history is read, which is
        // bounded.
        long after = Math.Max(0, head - Limits.Page);
        IReadOnlyList<JsonElement> found = After(after, cancel);
        return found.Count == last || after == 0 ? found : After(0, cancel);
    }

    /// <summary>Reads the last of those after a number.</summary>
    /// <returns>The oldest first.</returns>
    /// <exception cref="CliFailure">They cannot be read.</exception>
    public IReadOnlyList<JsonElement> After(long after, CancellationToken cancel)
    {
        var found = new Queue<JsonElement>();
        for (int read = Limits.Page; read >= Limits.Page;)
        {
            ReadOnlyMemory<byte> request = Request.Of(("after", after), ("limit", (long)Limits.Page));
            Answer answer = transport.Ask(Operation.Events, request, cancel);
            JsonElement page = answer.Outcome.IsSuccess ? answer.Data : throw answer.ToFailure();
            read = page.GetArrayLength();
            foreach (JsonElement one in page.EnumerateArray())
            {
                after = Math.Max(after, one.GetProperty("seq").GetInt64());
                if (one.GetProperty("kind").GetString() != EventNames.Gap && isWanted(one))
                {
                    found.Enqueue(one);
                }

                if (found.Count > last)
                {
                    found.Dequeue();
                }
            }
        }

        return [.. found];
    }
}
