using Klock.Kernel.Claims;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Programs;

/// <summary>The processes through which requests wait. Those alive send keep-alives in time; the dead ones do not.</summary>
internal sealed class Processes
{
    private readonly List<LeaseId> _alive;
    private readonly Func<LeaseId> _newId;

    public Processes(int count, Func<LeaseId> newId)
    {
        _newId = newId;
        _alive = [.. Enumerable.Range(0, count).Select(_ => newId())];
    }

    public IReadOnlyList<LeaseId> Alive => _alive;

    /// <summary>One dies, without a word; another starts.</summary>
    public void Kill(int index) => _alive[index] = _newId();

    /// <summary>A process that must send a keep-alive now; null when none must.</summary>
    public LeaseId? DueForKeepAlive(Book book) => book.Waits
        .Where(wait => wait.Owner.AliveUntilMs - book.NowMs < book.KeepAliveMs / 2 && _alive.Contains(wait.Owner.Id))
        .Select(wait => (LeaseId?)wait.Owner.Id)
        .FirstOrDefault();
}
