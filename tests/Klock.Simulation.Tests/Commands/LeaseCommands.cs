using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Commands;

/// <summary>A command on one lease, which may have ended.</summary>
internal abstract class LeaseCommand(long atMs, LeaseId id) : Command(atMs)
{
    protected LeaseId Id { get; } = id;

    public override void Send(LeaseTable table)
    {
        Status = Tell(table);
        Answer = $"{Status}";
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        CommandStatus? missing = Missing.Of(Id, book, Status);
        UnlessSame(missing ?? CommandStatus.Done, Status, "status");
        return missing is null ? Effects(book, book.FindLease(Id)!) : [];
    }

    protected CommandStatus Status { get; private set; }

    protected abstract CommandStatus Tell(LeaseTable table);

    protected abstract List<Own> Effects(Book book, BookLease lease);

    protected override string Describe() => $"lease {(int)Id.Value}";

    /// <summary>A lease that ends takes its queued change with it.</summary>
    protected static List<Own> Ending(Book book, BookLease lease, EventKind kind) =>
    [
        .. Own.EndsOf(book.Waits.Where(wait => wait.Changes == lease), WaitOutcome.LeaseEnded),
        new Own(kind, lease.Id),
    ];
}

internal sealed class Heartbeat(long atMs, LeaseId id, long? ttlMs) : LeaseCommand(atMs, id)
{
    protected override CommandStatus Tell(LeaseTable table) => table.Heartbeat(Id, AtMs, out _, ttlMs);

    protected override List<Own> Effects(Book book, BookLease lease)
    {
        lease.TtlMs = ttlMs ?? lease.TtlMs;
        return [new Own(EventKind.Renewed, Id)];
    }

    protected override string Describe() => $"{base.Describe()} ttl {ttlMs}";
}

internal sealed class Release(long atMs, LeaseId id) : LeaseCommand(atMs, id)
{
    protected override CommandStatus Tell(LeaseTable table) => table.Release(Id, AtMs);

    protected override List<Own> Effects(Book book, BookLease lease) => Ending(book, lease, EventKind.Released);
}

internal sealed class Revoke(long atMs, LeaseId id) : LeaseCommand(atMs, id)
{
    protected override CommandStatus Tell(LeaseTable table) => table.Revoke(Id, AtMs);

    protected override List<Own> Effects(Book book, BookLease lease) => Ending(book, lease, EventKind.Revoked);
}
