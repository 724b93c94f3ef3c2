using Klock.Kernel.Tests.Sequences;

namespace Klock.Kernel.Tests.Model;

/// <summary>The coordinator of SPEC section 2, as slow and as plain as it can be: a flat list, looked through for every question.</summary>
/// <remarks>Written from SPEC, not from the kernel. A feature of SPEC is one more partial file here.</remarks>
internal sealed partial class ModelStore(long sequence) : ISubject
{
    private readonly List<ModelLease> _leases = [];
    private readonly SortedDictionary<string, ulong> _agents = new(StringComparer.Ordinal);
    private readonly List<EventView> _happened = [];
    private long _sequence = sequence;
    private long _nowMs;

    /// <summary>The highest time seen.</summary>
    public long NowMs => _nowMs;

    /// <summary>Leases that no command has ended yet, overdue ones included, in the order of their grants.</summary>
    public IEnumerable<ModelLease> Held => _leases.Where(lease => lease.State == "Active");

    public StateView View(long nowMs)
    {
        long now = Math.Max(nowMs, _nowMs);
        return new StateView(
            _sequence,
            [.. _agents.Select(agent => (agent.Key, agent.Value))],
            [.. Held.Where(lease => now < lease.ExpiresAtMs).Select(lease => lease.View())]);
    }

    public IReadOnlyList<EventView> TakeEvents()
    {
        EventView[] taken = [.. _happened];
        _happened.Clear();
        return taken;
    }

    // Every command starts here: time never runs back, and what is overdue ends before anything is judged.
    private int Begin(long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        ModelLease[] overdue = [.. Held.Where(lease => lease.ExpiresAtMs <= _nowMs)];
        foreach (ModelLease lease in overdue.OrderBy(lease => lease.ExpiresAtMs).ThenBy(lease => lease.Token))
        {
            End(lease, "Expired");
        }

        return overdue.Length;
    }

    private void End(ModelLease lease, string state)
    {
        lease.State = state;
        Record(state, lease);
    }

    private void Record(string kind, ModelLease lease)
    {
        long expiresAtMs = kind is "Granted" or "Renewed" ? lease.ExpiresAtMs : 0;
        _happened.Add(new EventView(++_sequence, kind, _nowMs, lease.Ask.Agent, 0, lease.Id, expiresAtMs));
    }

    private void Store(string agent, ulong priority)
    {
        _agents[agent] = priority;
        _happened.Add(new EventView(++_sequence, "Registered", _nowMs, agent, priority, 0, 0));
    }
}
