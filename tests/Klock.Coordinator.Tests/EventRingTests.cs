using System.Runtime.CompilerServices;
using Klock.Coordinator.Stores;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;
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

        public void Append(in Event happened) => Last = happened;
    }
}
