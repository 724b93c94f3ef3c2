using System.Buffers;
using Klock.Coordinator.Json;
using Klock.Coordinator.Stores;
using Klock.Kernel.Events;

namespace Klock.Coordinator;

/// <summary>Answers which events happened after a number.</summary>
internal static class EventList
{
    public static void Write(ArrayBufferWriter<byte> answer, IStore store, EventsRequest request)
    {
        var events = new List<Event>();
        long beforeOldest = store.ReadEvents(request.After, request.Limit, new Gatherer(events));
        var json = new JsonText(answer);
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        if (request.After > 0 && request.After < beforeOldest)
        {
            EventJson.WriteGap(ref json, beforeOldest, request.After + 1);
        }

        // Elsewhere numbers are missing because renewals and signs of life are forgotten first.
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
    }

    private sealed class Gatherer(List<Event> events) : IEventSink
    {
        public void Append(in Event happened) => events.Add(happened);
    }
}
