using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Stores;
using Klock.Kernel.Events;

namespace Klock.Coordinator;

/// <summary>Answers which events happened after a number.</summary>
internal static class EventList
{
    public static void Write(Utf8JsonWriter json, IStore store, EventsRequest request)
    {
        var events = new List<Event>();
        long beforeOldest = store.ReadEvents(request.After, request.Limit, new Gatherer(events));
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        if (request.After > 0 && request.After < beforeOldest)
        {
            EventJson.WriteGap(json, beforeOldest, request.After + 1);
        }

        long previous = events.Count > 0 ? events[0].Sequence - 1 : 0;
        foreach (Event happened in events)
        {
            if (happened.Sequence > previous + 1)
            {
                EventJson.WriteGap(json, happened.Sequence - 1, previous + 1);
            }

            EventJson.Write(json, happened);
            previous = happened.Sequence;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed class Gatherer(List<Event> events) : IEventSink
    {
        public void Append(in Event happened) => events.Add(happened);
    }
}
