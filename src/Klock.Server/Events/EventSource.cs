using System.Globalization;
using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Prometheus;

namespace Klock.Server.Events;

/// <summary>Reads events from the store. Not thread-safe.</summary>
/// <param name="coordinator">The store's coordinator.</param>
/// <param name="reads">Counts the reads.</param>
internal sealed class EventSource(LeaseCoordinator coordinator, Counter.Child reads)
{
    /// <summary>How many events one read returns at the most.</summary>
    public const int Most = Limits.Page;

    private readonly Reply _reply = new();

    /// <summary>The events after a number; null when the store fails.</summary>
    public async Task<List<EventFrame>?> ReadAsync(long after)
    {
        reads.Inc();
        byte[] request = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"after\":{after},\"limit\":{Most}}}"));
        await coordinator.BeginAsync(Operation.Events, request, _reply);
        return _reply.Outcome.IsSuccess ? EventLine.ReadAll(_reply.Utf8).ConvertAll(line => EventFrame.Of(line, _reply.Utf8)) : null;
    }
}
