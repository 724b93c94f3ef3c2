using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Commands;

/// <summary>A process sends a keep-alive.</summary>
internal sealed class KeepAlive(long atMs, LeaseId ownerId) : Command(atMs)
{
    public override void Send(LeaseTable table) => table.KeepWaitsAlive(ownerId, AtMs);

    public override List<Own> Check(Book book, Rule rule) =>
        book.FindOwner(ownerId) is null ? [] : [new Own(EventKind.KeptAlive, ownerId)];

    protected override string Describe() => $"process {(int)ownerId.Value}";
}

/// <summary>The caller of one wait goes away.</summary>
internal sealed class Cancel(long atMs, LeaseId waitId) : Command(atMs)
{
    public override void Send(LeaseTable table) => table.CancelWait(waitId, AtMs);

    public override List<Own> Check(Book book, Rule rule) =>
        book.FindWait(waitId) is null ? [] : [new Own(EventKind.WaitEnded, waitId) { Outcome = WaitOutcome.Cancelled }];

    protected override string Describe() => $"wait {(int)waitId.Value}";
}

/// <summary>A process closes its handle.</summary>
internal sealed class CloseWaits(long atMs, LeaseId ownerId) : Command(atMs)
{
    public override void Send(LeaseTable table) => table.CloseWaits(ownerId, AtMs);

    public override List<Own> Check(Book book, Rule rule) =>
        [.. Own.EndsOf(book.Waits.Where(wait => wait.Owner.Id == ownerId), WaitOutcome.Closed)];

    protected override string Describe() => $"process {(int)ownerId.Value}";
}

/// <summary>Nothing but time.</summary>
internal sealed class Tick(long atMs) : Command(atMs)
{
    private int _expired;
    private int _active;

    public override void Send(LeaseTable table)
    {
        int before = table.CountActive(long.MinValue);
        _active = table.CountActive(AtMs);
        _expired = table.Advance(AtMs);
        Answer = $"{_expired}";
        UnlessSame(before - _active, _expired, "leases that ran out, counted before");
    }

    public override List<Own> Check(Book book, Rule rule) => [];

    protected override string Describe() => "";
}
