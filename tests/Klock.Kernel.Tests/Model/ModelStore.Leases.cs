using Klock.Kernel.Tests.Sequences;

namespace Klock.Kernel.Tests.Model;

/// <content>SPEC KLIS-4: grants, renewals and ends.</content>
internal sealed partial class ModelStore
{
    public Answer Acquire(Ask ask, UInt128 id, long nowMs)
    {
        if (ModelResource.Parse(ask.Type, ask.Path) is not { } resource)
        {
            return Answer.RefusedPath;
        }

        Begin(nowMs);
        if (!_agents.ContainsKey(ask.Agent))
        {
            Store(ask.Agent, (ulong)_nowMs);
        }

        if (ask.RequestId is not null && Held.FirstOrDefault(lease => lease.Answers(ask)) is { } earlier)
        {
            bool same = earlier.Resource.Text == resource.Text && earlier.Ask.Predicate == ask.Predicate;
            return same ? Renew(earlier) : Answer.RequestIdReused;
        }

        Answer judged = Judge(ask.Agent, ask.Session, [(ask.Predicate, resource)]);
        if (judged.Outcome != "GRANT")
        {
            _happened.Add(new EventView(++_sequence, "Refused", _nowMs, ask.Agent, 0, 0, 0));
            return judged;
        }

        var lease = new ModelLease(ask, resource, id, _sequence + 1, _nowMs);
        _leases.Add(lease);
        Record("Granted", lease);
        return Answer.Granted(lease.View());
    }

    public Answer Heartbeat(UInt128 id, long? ttlMs, long nowMs)
    {
        Begin(nowMs);
        if (Find(id, out ModelLease? lease) is { } missing)
        {
            return missing;
        }

        lease!.TtlMs = ttlMs ?? lease.TtlMs;
        return Renew(lease);
    }

    public Answer Release(UInt128 id, long nowMs) => EndByName(id, "Released", nowMs);

    public Answer Revoke(UInt128 id, long nowMs) => EndByName(id, "Revoked", nowMs);

    public Answer Evict(long nowMs) => Answer.Counted(Begin(nowMs));

    private Answer Renew(ModelLease lease)
    {
        lease.LastHeartbeatMs = _nowMs;
        lease.ExpiresAtMs = _nowMs + lease.TtlMs;
        Record("Renewed", lease);
        return Answer.Granted(lease.View());
    }

    private Answer EndByName(UInt128 id, string state, long nowMs)
    {
        Begin(nowMs);
        if (Find(id, out ModelLease? lease) is { } missing)
        {
            return missing;
        }

        End(lease!, state);
        return Answer.Done;
    }

    private Answer? Find(UInt128 id, out ModelLease? lease)
    {
        lease = _leases.Find(candidate => candidate.Id == id);
        return lease?.State switch
        {
            "Active" => null,
            "Expired" => Answer.Expired,
            _ => Answer.UnknownLease,
        };
    }
}
