using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Inside;

/// <summary>A kernel keeps what it must, and nothing of what has ended: no name, no process, no request, no time.</summary>
internal sealed class Leftovers
{
    private readonly TreeRecount _recount = new();

    public void Check(Book book, LeaseTable table)
    {
        UnlessSame(book.Leases.Count, KernelFields.Leases(table).Count, "leases kept");
        UnlessSame(book.Leases.Count, KernelFields.LeaseExpiries(table).Count, "leases that will run out");
        UnlessSame(book.Waits.Count, KernelFields.WaitExpiries(table).Count, "waits that will time out");
        int owners = book.Waits.Select(wait => wait.Owner).Distinct().Count();
        UnlessSame(owners, KernelFields.Owners(table).Count, "processes that wait");
        UnlessSame(owners, KernelFields.OwnerExpiries(table).Count, "processes watched");
        UnlessSame(book.Waits.Count, KernelFields.Owners(table).Values.Sum(owner => owner.WaiterCount), "waits of processes");
        int named = book.Leases.Where(lease => lease.RequestId is not null).DistinctBy(lease => (lease.Session, lease.RequestId)).Count();
        UnlessSame(named, KernelFields.Named(table).Count, "requests remembered by name");
        CheckIdleAgents(table);
        CheckTrees(book, table);
    }

    private static void CheckIdleAgents(LeaseTable table)
    {
        int idle = 0;
        for (Agent? agent = KernelFields.Agents(table).FirstToForget; agent is not null; agent = agent.NextIdle)
        {
            idle++;
            Unless(agent.IsIdle && agent.IsInIdleList, $"busy agent {agent.Id} stands among those to forget");
        }

        UnlessSame(table.Agents.Count(agent => agent.IsIdle), idle, "idle agents that may be forgotten");
    }

    private void CheckTrees(Book book, LeaseTable table)
    {
        List<Want> Wants(bool queued) =>
            [.. book.Waits.Where(wait => wait.IsQueued == queued && wait.Joins is null).SelectMany(wait => wait.Asked.Wants)];
        _recount.Check(KernelFields.Held(table), book.Leases.ConvertAll(lease => lease.Want), "held");
        _recount.Check(KernelFields.Queued(table), Wants(queued: true), "queued");
        _recount.Check(KernelFields.Parked(table), Wants(queued: false), "parked");
    }
}
