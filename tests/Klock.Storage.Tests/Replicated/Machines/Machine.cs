using System.Text;
using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>One server: its clock, its way to the journal, and what waits there.</summary>
internal sealed class Machine : IDisposable
{
    private readonly Real _real;
    private readonly MachineStore _store;
    private readonly LeaseCoordinator _coordinator;
    private long _cutOffUntilMs;

    public Machine(FaultyJournal journal, Real real, WrongClock clock, ILeaseIdSource ids, LeaseId owner, Action<Machine> others)
    {
        _real = real;
        _store = new MachineStore(() => journal.Connect(() => others(this), () => real.NowMs < _cutOffUntilMs), clock, owner);
        _coordinator = new LeaseCoordinator(_store, ids);
    }

    /// <summary>Whether it is in the middle of a request.</summary>
    public bool IsBusy => _store.IsBusy;

    /// <summary>What waits here.</summary>
    public List<Asking> Waits { get; } = [];

    public void CutOff(long ms) => _cutOffUntilMs = _real.NowMs + ms;

    public void Follow()
    {
        try
        {
            _store.Follow();
        }
        catch (IOException)
        {
            // It is cut off.
        }
    }

    /// <summary>Asks something; null when the answer has to be waited for.</summary>
    public JsonElement? Ask(Operation operation, Request request, out PendingWait? wait)
    {
        var reply = new Reply();
        wait = _coordinator.Begin(operation, Encoding.UTF8.GetBytes(request.ToString()), reply);
        return wait is null ? Read(reply) : null;
    }

    /// <summary>The answer of a wait, if it is there.</summary>
    public JsonElement? Look(PendingWait wait)
    {
        var reply = new Reply();
        return _coordinator.TryFinish(wait, reply, out _) ? Read(reply) : null;
    }

    public void Cancel(PendingWait wait) => _coordinator.Cancel(wait);

    public void Dispose() => _coordinator.Dispose();

    private static JsonElement Read(Reply reply) => JsonDocument.Parse(reply.Text).RootElement;
}

/// <summary>A request for a lease, on its way or waiting.</summary>
internal sealed record Asking(string Agent, string Path, bool IsExclusive, long TtlMs, string? RequestId, long SentMs, int State)
{
    public PendingWait? Wait { get; set; }
}
