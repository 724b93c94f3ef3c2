using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>
/// A naive reading of the journal: a list of leases, compared pairwise. Every number comes once and rises, no two leases conflict, and a
/// lease ends once.
/// </summary>
internal sealed class Ledger
{
    private readonly Dictionary<LeaseId, Entry> _leases = [];
    private readonly Dictionary<LeaseId, Entry> _waits = [];
    private readonly List<Entry> _all = [];
    private long _last;

    /// <summary>How many batches were entered.</summary>
    public int Count { get; private set; }

    /// <summary>Called with every lease that runs out.</summary>
    public Action<LeaseId> Expired { get; set; } = static _ => { };

    public bool Has(LeaseId id) => _leases.ContainsKey(id);

    /// <summary>Whether something was in the way of a request, in any state from one to another.</summary>
    public bool WasInTheWay(string agent, Resource resource, Predicate predicate, int from)
    {
        var asked = new Entry((agent, "s"), resource, predicate, null, 0);
        return _all.Exists(entry => entry.Until >= from && entry.Conflicts(asked));
    }

    public void Enter(JournalBatch batch)
    {
        Count++;
        foreach (Event happened in batch.Events)
        {
            Violated.Unless(happened.Sequence > _last, $"number {happened.Sequence} comes after {_last}");
            Violated.Unless(_last == 0 || happened.Sequence == _last + 1, $"number {happened.Sequence} comes after {_last}");
            _last = happened.Sequence;
            Enter(happened);
        }
    }

    private void Enter(in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Granted or EventKind.Changed:
                End(_leases, happened.LeaseId);
                Entry entry = EntryOf(happened);
                foreach ((LeaseId id, Entry other) in _leases)
                {
                    Violated.Unless(!entry.Conflicts(other), $"the journal grants {happened.LeaseId} beside {id}: {entry}, {other}");
                    Violated.Unless(
                        entry.RequestId is null || entry.Who != other.Who || entry.RequestId != other.RequestId,
                        $"the journal grants {entry} twice");
                }

                Begin(_leases, happened.LeaseId, entry);
                break;
            case EventKind.Queued or EventKind.Parked:
                Begin(_waits, happened.Wait!.Id, EntryOf(happened));
                break;
            case EventKind.WaitEnded:
                Violated.Unless(End(_waits, happened.Wait!.Id), $"{happened.Wait!.Id} ends its wait, and does not wait");
                break;
            case EventKind.Released or EventKind.Expired or EventKind.Revoked:
                Violated.Unless(End(_leases, happened.LeaseId), $"{happened.LeaseId} ends, and is not there");
                if (happened.Kind == EventKind.Expired)
                {
                    Expired(happened.LeaseId);
                }

                break;
            default:
                break;
        }
    }

    private Entry EntryOf(in Event happened) =>
        new((happened.AgentId!, happened.SessionId!), happened.Resource!, happened.Predicate, happened.RequestId, Count);

    private void Begin(Dictionary<LeaseId, Entry> entries, LeaseId id, Entry entry)
    {
        entries.Add(id, entry);
        _all.Add(entry);
    }

    private bool End(Dictionary<LeaseId, Entry> entries, LeaseId id)
    {
        if (!entries.Remove(id, out Entry? ended))
        {
            return false;
        }

        ended.Until = Count;
        return true;
    }

    private sealed record Entry((string Agent, string Session) Who, Resource Resource, Predicate Predicate, string? RequestId, int From)
    {
        /// <summary>The batch that ended it.</summary>
        public int Until { get; set; } = int.MaxValue;

        public bool Conflicts(Entry other) =>
            Who != other.Who && Compatibility.Conflicts(Predicate, other.Predicate) && Resource.Meets(other.Resource);
    }
}

/// <summary>A promise was broken.</summary>
internal sealed class Violated(string what) : Exception(what)
{
    public static void Unless(bool holds, string what)
    {
        if (!holds)
        {
            throw new Violated(what);
        }
    }
}
