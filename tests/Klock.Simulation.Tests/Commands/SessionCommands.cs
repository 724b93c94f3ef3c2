using Klock.Kernel;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Commands;

/// <summary>Renews all leases of a session, and its waits (KLIS-10).</summary>
internal sealed class RenewSession(long atMs, BookSession session) : Command(atMs)
{
    private int _renewed;

    public override void Send(LeaseTable table)
    {
        _renewed = table.RenewSession(session.Agent.Id, session.Id, AtMs);
        Answer = $"{_renewed}";
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        List<BookLease> leases = book.Leases.FindAll(lease => lease.Session == session);
        UnlessSame(leases.Count, _renewed, "leases renewed");
        return
        [
            .. book.Waits.Where(wait => wait.Session == session).Select(wait => new Own(EventKind.KeptAlive, wait.Id)),
            .. leases.Select(lease => new Own(EventKind.Renewed, lease.Id)),
        ];
    }

    protected override string Describe() => $"{session}";
}

/// <summary>Ends a session: its waits are closed, its leases released, all at once (KLIS-10).</summary>
internal sealed class EndSession(long atMs, BookSession session) : Command(atMs)
{
    private int _released;

    public override void Send(LeaseTable table)
    {
        _released = table.EndSession(session.Agent.Id, session.Id, AtMs);
        Answer = $"{_released}";
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        List<BookLease> leases = book.Leases.FindAll(lease => lease.Session == session);
        UnlessSame(leases.Count, _released, "leases released");
        return
        [
            .. Own.EndsOf(book.Waits.Where(wait => wait.Session == session), WaitOutcome.Closed),
            .. leases.Select(lease => new Own(EventKind.Released, lease.Id)),
        ];
    }

    protected override string Describe() => $"{session}";
}

/// <summary>Makes an agent known, or gives an idle one another priority (KLIS-3).</summary>
internal sealed class Register(long atMs, BookAgent agent, ulong priority) : Command(atMs)
{
    private CommandStatus _status;

    public override void Send(LeaseTable table)
    {
        _status = table.RegisterAgent(agent.Id, priority, AtMs);
        Answer = $"{_status}";
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        bool isRefused = agent.Priority is not null && agent.Priority != priority && book.IsBusy(agent);
        UnlessSame(isRefused ? CommandStatus.AgentBusy : CommandStatus.Done, _status, "status");
        bool changes = !isRefused && agent.Priority != priority;
        return changes ? [new Own(EventKind.Registered, default) { Agent = agent, Priority = priority }] : [];
    }

    protected override string Describe() => $"{agent.Id} as {priority}";
}
