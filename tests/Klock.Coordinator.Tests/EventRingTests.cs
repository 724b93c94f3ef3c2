using System.Runtime.CompilerServices;
using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>What a memory store keeps of the past is bounded in bytes too: not a manifest for each of thousands of events.</summary>
public sealed class EventRingTests
{
    [Fact]
    public void The_manifest_of_a_wait_is_not_kept_with_its_event()
    {
        var ring = new EventRing(0);
        WeakReference manifest = AppendParked(ring, intents: 3);
        GC.Collect();
        Assert.False(manifest.IsAlive);
        var read = new Reader();
        ring.Read(0, 10, read);
        Assert.Equal(3, read.Last.Wait!.WantedCount);
        Assert.Equal(7, read.Last.Wait.DeadlineMs);
        Assert.Equal(new LeaseId(9), read.Last.Wait.Id);
    }

    [Fact]
    public void Renewals_and_signs_of_life_push_nothing_else_out_and_are_no_gap_when_they_go()
    {
        var ring = new EventRing(10);
        Append(ring, 11, EventKind.Granted);
        for (long sequence = 12; sequence < 12 + (3 * EventRing.Capacity); sequence++)
        {
            Append(ring, sequence, sequence % 2 == 0 ? EventKind.Renewed : EventKind.KeptAlive);
        }

        long last = 12 + (3 * EventRing.Capacity);
        Append(ring, last, EventKind.Released);
        (long beforeOldest, List<long> kept) = Read(ring, 0);
        Assert.Equal(10, beforeOldest);
        Assert.Equal([11, .. Enumerable.Range(0, EventRing.RoutineCapacity + 1).Select(i => last - EventRing.RoutineCapacity + i)], kept);
        Assert.Equal([last], Read(ring, last - 1).Kept);
        Assert.Empty(Read(ring, last).Kept);
    }

    [Fact]
    public void What_is_kept_is_read_in_order_page_by_page_and_what_is_gone_is_told()
    {
        var ring = new EventRing(0);
        long last = 3 * EventRing.Capacity;
        for (long sequence = 1; sequence <= last; sequence++)
        {
            Append(ring, sequence, sequence % 3 == 0 ? EventKind.Renewed : EventKind.Granted);
        }

        (long beforeOldest, List<long> kept) = Read(ring, 5);
        long[] expected = [.. Enumerable.Range(1, (int)last).Select(i => (long)i)
            .Where(i => i % 3 == 0 ? i > last - (3 * EventRing.RoutineCapacity) : i > beforeOldest)];
        Assert.Equal(EventRing.Capacity, expected.Count(i => i % 3 != 0));
        Assert.Equal(expected, kept);
        Assert.NotEqual(0, beforeOldest % 3);
        List<long> pages = [];
        for (long after = 5; Read(ring, after, 7).Kept is { Count: > 0 } page; after = page[^1])
        {
            pages.AddRange(page);
        }

        Assert.Equal(expected, pages);
    }

    private static void Append(EventRing ring, long sequence, EventKind kind) =>
        ring.Append(new Event { Sequence = sequence, Kind = kind, AtMs = 1 });

    private static (long BeforeOldest, List<long> Kept) Read(EventRing ring, long after, int limit = int.MaxValue)
    {
        var read = new Reader();
        return (ring.Read(after, limit, read), read.Numbers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AppendParked(EventRing ring, int intents)
    {
        WantedLease[] wanted = new WantedLease[intents];
        Assert.True(Resource.TryCreate(ResourceType.File, "a", out Resource? resource, out _));
        Array.Fill(wanted, new WantedLease(new LeaseId(1), resource!, Predicate.Mutates));
        ring.Append(new Event
        {
            Sequence = 1,
            Kind = EventKind.Parked,
            AtMs = 1,
            Wait = new WaitFacts { Id = new LeaseId(9), Wanted = wanted, DeadlineMs = 7 },
        });
        return new WeakReference(wanted);
    }

    private sealed class Reader : IEventSink
    {
        public Event Last { get; private set; }

        public List<long> Numbers { get; } = [];

        public void Append(in Event happened)
        {
            Last = happened;
            Numbers.Add(happened.Sequence);
        }
    }
}
