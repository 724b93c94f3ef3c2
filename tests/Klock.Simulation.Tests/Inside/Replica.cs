using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Inside;

/// <summary>One kernel, the events it makes, and which waits it notified that they ended.</summary>
internal sealed class Replica : IEventSink, IWaitObserver
{
    private readonly List<Event> _events = [];
    private readonly List<EndOfWait> _ends = [];

    public Replica(long sequence, long keepAliveMs, int crowdAbove)
    {
        Table = new LeaseTable(sequence, crowdAbove) { WaitKeepAliveMs = keepAliveMs };
        Table.ObserveWaits(this);
    }

    public LeaseTable Table { get; }

    /// <summary>The events of the last command.</summary>
    public IReadOnlyList<Event> Events => _events;

    /// <summary>The waits that the last command notified of their end.</summary>
    public IReadOnlyList<EndOfWait> Ends => _ends;

    public void Lead(bool defersRefusals) => Table.SendEventsTo(this, defersRefusals);

    public void Follow(Replica leader)
    {
        foreach (Event happened in leader.Events)
        {
            Apply(happened);
        }
    }

    public void Clear()
    {
        _events.Clear();
        _ends.Clear();
    }

    public void Append(in Event happened) => _events.Add(happened);

    public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
    {
        IEnumerable<string> texts = leases.Select(
            lease => $"{lease.Id} {Place.TextOf(lease.Resource)} {lease.Predicate} {lease.FencingToken}");
        _ends.Add(new EndOfWait(waiter.Id, outcome, string.Join(", ", texts)));
    }

    private void Apply(in Event happened)
    {
        try
        {
            Table.Apply(happened);
        }
        catch (Exception thrown)
        {
            throw new Violation($"the follower threw {thrown}");
        }
    }
}

/// <summary>A notification of an observer, and the leases at that moment.</summary>
internal readonly record struct EndOfWait(LeaseId WaitId, WaitOutcome Outcome, string Leases);
