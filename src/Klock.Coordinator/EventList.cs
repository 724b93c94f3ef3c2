using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel.Events;

namespace Klock.Coordinator;

/// <summary>Answers which events happened after a number.</summary>
internal static class EventList
{
    /// <summary>Writes the answer; it is nothing to wait for.</summary>
    public static async ValueTask<PendingWait?> WriteAsync(Reply reply, IStore store, EventsRequest request, NamespaceScope scope)
    {
        try
        {
            await store.SettleEventsAsync();
            Write(reply, store, request, scope);
        }
        catch (KlockException refused)
        {
            Answers.WriteError(reply, refused.Code, refused.Message);
        }

        return null;
    }

    private static void Write(Reply reply, IStore store, EventsRequest request, NamespaceScope scope)
    {
        var events = new List<Event>();
        long beforeOldest = Read(store, request, scope, events);
        var json = new JsonText(reply.Writer);
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        if (request.After > 0 && request.After < beforeOldest)
        {
            EventJson.WriteGap(ref json, beforeOldest, request.After + 1);
        }

        // Elsewhere numbers are missing because renewals and keep-alives are dropped first.
        long previous = request.After > 0 ? Math.Max(request.After, beforeOldest) : long.MaxValue;
        foreach (Event happened in events)
        {
            if (happened.Kind == EventKind.Resumed && happened.Sequence - 1 > previous)
            {
                EventJson.WriteGap(ref json, happened.Sequence - 1, previous + 1);
            }

            EventJson.Write(ref json, happened);
            previous = happened.Sequence;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Finish();
        reply.Outcome = Outcome.Done;
    }

    // A caller that may see few of them would otherwise get empty answers, with no number to continue from.
    private static long Read(IStore store, EventsRequest request, NamespaceScope scope, List<Event> events)
    {
        var gatherer = new Gatherer(events, scope) { LastSeen = request.After };
        long beforeOldest = store.ReadEvents(request.After, request.Limit, gatherer);
        for (int wanted = request.Limit; gatherer.Seen == wanted && events.Count < request.Limit;)
        {
            gatherer.Seen = 0;
            wanted = request.Limit - events.Count;
            store.ReadEvents(gatherer.LastSeen, wanted, gatherer);
        }

        return beforeOldest;
    }

    private sealed class Gatherer(List<Event> events, NamespaceScope scope) : IEventSink
    {
        public int Seen { get; set; }

        public long LastSeen { get; set; }

        public void Append(in Event happened)
        {
            Seen++;
            LastSeen = happened.Sequence;
            if (scope.Sees(happened))
            {
                events.Add(happened);
            }
        }
    }
}
