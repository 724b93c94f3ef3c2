using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tests.Model;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>The kernel behind the words of the wire.</summary>
internal sealed class KernelSubject : ISubject, IEventSink
{
    private readonly List<Event> _events = [];

    public KernelSubject(long sequence) => Table = new LeaseTable(sequence);

    public LeaseTable Table { get; }

    /// <summary>Events that were not taken yet, whole, as a store writes them down.</summary>
    public IReadOnlyList<Event> Events => _events;

    public void Append(in Event happened) => _events.Add(happened);

    public Answer Register(string agent, ulong priority, long nowMs) => StatusAnswer(Table.RegisterAgent(agent, priority, nowMs));

    public Answer Acquire(Ask ask, UInt128 id, long nowMs)
    {
        if (ToResource(ask.Type, ask.Path) is not { } resource)
        {
            return Answer.RefusedPath;
        }

        var request = new AcquireRequest
        {
            AgentId = ask.Agent,
            SessionId = ask.Session,
            Wanted = [new WantedLease(new LeaseId(id), resource, ToPredicate(ask.Predicate))],
            TtlMs = ask.TtlMs,
            Note = ask.Note,
            RequestId = ask.RequestId,
        };
        CommandStatus status = Table.Acquire(request, nowMs, out AcquireOutcome outcome);
        return status != CommandStatus.Done ? StatusAnswer(status)
            : outcome.Lease is { } lease ? Answer.Granted(ToView(lease))
            : Judged(outcome.Conflicts);
    }

    public Answer Declare(string agent, string session, IReadOnlyList<(string Predicate, string Type, string Path)> intents, long nowMs)
    {
        List<Intent> parsed = [];
        foreach ((string predicate, string type, string path) in intents)
        {
            if (ToResource(type, path) is not { } resource)
            {
                return Answer.RefusedPath;
            }

            parsed.Add(new Intent(ToPredicate(predicate), resource));
        }

        return Judged(Table.Declare(agent, session, [.. parsed], nowMs));
    }

    public Answer Heartbeat(UInt128 id, long? ttlMs, long nowMs)
    {
        CommandStatus status = Table.Heartbeat(new LeaseId(id), nowMs, out Lease? lease, ttlMs);
        return status == CommandStatus.Done ? Answer.Granted(ToView(lease!)) : StatusAnswer(status);
    }

    public Answer Release(UInt128 id, long nowMs) => StatusAnswer(Table.Release(new LeaseId(id), nowMs));

    public Answer Revoke(UInt128 id, long nowMs) => StatusAnswer(Table.Revoke(new LeaseId(id), nowMs));

    public Answer Evict(long nowMs) => Answer.Counted(Table.Advance(nowMs));

    public StateView View(long nowMs) => new(
        Table.Sequence,
        [.. Table.Agents.Select(agent => (agent.Id, agent.Priority)).OrderBy(agent => agent.Id, StringComparer.Ordinal)],
        [.. Table.ActiveLeases(nowMs).OrderBy(lease => lease.FencingToken).Select(ToView)]);

    public IReadOnlyList<EventView> TakeEvents()
    {
        EventView[] taken = [.. _events.Select(ToView)];
        _events.Clear();
        return taken;
    }

    private Answer Judged(ConflictSet conflicts) => conflicts.Verdict == Verdict.Grant
        ? Answer.Free
        : Answer.Refused(
            conflicts.Verdict == Verdict.Wait ? "WAIT" : "DIE",
            conflicts.Total,
            conflicts.PauseMs(Table.NowMs),
            conflicts.Oldest.Select(claim => ToView((Lease)claim)));

    private static Resource? ToResource(string named, string path)
    {
        (string type, string? name) = ModelResource.Split(named);
        return ResourceTypeNames.TryParse(type, out ResourceType parsed) && Resource.TryCreate(parsed, path, out Resource? resource, out _)
            ? resource!.In(name)
            : null;
    }

    // As the model writes it.
    private static string TextOf(Resource resource) =>
        resource.Namespace is { } name ? $"{resource.Type.ToName()} in {name}:{resource.Path}" : resource.ToString();

    private static Predicate ToPredicate(string name) =>
        PredicateNames.TryParse(name, out Predicate predicate) ? predicate : throw new ArgumentException("is no predicate", nameof(name));

    private static Answer StatusAnswer(CommandStatus status) => status switch
    {
        CommandStatus.Done => Answer.Done,
        CommandStatus.AgentBusy => Answer.AgentBusy,
        CommandStatus.UnknownLease => Answer.UnknownLease,
        CommandStatus.LeaseExpired => Answer.Expired,
        CommandStatus.RequestIdReused => Answer.RequestIdReused,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "has no answer"),
    };

    private static LeaseView ToView(Lease lease) => new(
        lease.Id.Value,
        lease.Session.Agent.Id,
        lease.Session.Id,
        TextOf(lease.Resource),
        lease.Predicate.ToName(),
        lease.AcquiredAtMs,
        lease.TtlMs,
        lease.ExpiresAtMs,
        lease.LastHeartbeatMs,
        lease.FencingToken,
        lease.Note,
        lease.RequestId);

    private static EventView ToView(Event happened)
    {
        long expiresAtMs = happened.Kind is EventKind.Granted or EventKind.Renewed ? happened.ExpiresAtMs : 0;
        return new(
            happened.Sequence,
            happened.Kind.ToString(),
            happened.AtMs,
            happened.AgentId!,
            happened.Priority,
            happened.LeaseId.Value,
            expiresAtMs);
    }
}
