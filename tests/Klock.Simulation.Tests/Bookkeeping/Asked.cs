using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>One lease that somebody wants or has.</summary>
internal readonly record struct Want(LeaseId LeaseId, Place Place, Predicate Predicate)
{
    public override string ToString() => $"{Predicate} {Place}";
}

/// <summary>A request for leases, as the agent made it.</summary>
internal sealed record Asked(BookSession Session, Want[] Wants, long TtlMs, string? RequestId = null, string? Note = null)
{
    public bool IsSameAs(IReadOnlyList<Want> wants) =>
        Wants.Select(want => (want.Place, want.Predicate)).SequenceEqual(wants.Select(want => (want.Place, want.Predicate)));

    public override string ToString() =>
        $"{Session} {string.Join(" + ", Wants)} ttl {TtlMs}{(RequestId is null ? "" : $" as {RequestId}")}";
}

/// <summary>How a request waits.</summary>
internal sealed record Waiting(LeaseId WaitId, LeaseId OwnerId, long WaitMs)
{
    public override string ToString() => $"wait {WaitMs} as {(int)WaitId.Value} of {(int)OwnerId.Value}";
}
