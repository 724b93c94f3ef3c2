using Klock.Kernel.Tests.Sequences;

namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-4: one lease, kept for ever, whatever became of it.</summary>
internal sealed class ModelLease(Ask ask, ModelResource resource, UInt128 id, long token, long nowMs)
{
    public UInt128 Id { get; } = id;

    public Ask Ask { get; } = ask;

    public ModelResource Resource { get; } = resource;

    public long Token { get; } = token;

    public long AcquiredAtMs { get; } = nowMs;

    public long TtlMs { get; set; } = ask.TtlMs;

    public long LastHeartbeatMs { get; set; } = nowMs;

    public long ExpiresAtMs { get; set; } = nowMs + ask.TtlMs;

    public string State { get; set; } = "Active";

    public bool IsOf(string agent, string session) => Ask.Agent == agent && Ask.Session == session;

    /// <summary>Whether this is what the session got for the same request_id.</summary>
    public bool Answers(Ask ask) => IsOf(ask.Agent, ask.Session) && Ask.RequestId == ask.RequestId;

    public LeaseView View() => new(
        Id,
        Ask.Agent,
        Ask.Session,
        Resource.Text,
        Ask.Predicate,
        AcquiredAtMs,
        TtlMs,
        ExpiresAtMs,
        LastHeartbeatMs,
        Token,
        Ask.Note,
        Ask.RequestId);
}
