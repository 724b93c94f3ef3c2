using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>A lease table and the few commands that the benchmarks give it.</summary>
internal sealed class Table
{
    public const long NowMs = 1_700_000_000_000;
    public const long TtlMs = 60 * 60 * 1_000;
    private const int FilesADirectory = 100;

    private readonly WantedLease[] _wanted = new WantedLease[1];
    private ulong _lastId;

    public LeaseTable Leases { get; } = new(sequence: 0);

    /// <summary>A FILE.</summary>
    public static Resource File(string path) => Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem)
        ? resource!
        : throw new InvalidOperationException($"{path} {problem}");

    /// <summary>Has somebody else hold so many files, a hundred to a directory.</summary>
    public void HoldOthers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Acquire("other", File($"/held/{i / FilesADirectory}/file{i}.ts"), Predicate.Mutates);
        }
    }

    /// <summary>Takes a lease that must be free.</summary>
    public LeaseId Acquire(string agent, Resource resource, Predicate predicate, long ttlMs = TtlMs, long nowMs = NowMs)
    {
        var id = new LeaseId(++_lastId);
        _wanted[0] = new WantedLease(id, resource, predicate);
        var request = new AcquireRequest { AgentId = agent, SessionId = "session", Wanted = _wanted, TtlMs = ttlMs };
        Leases.Acquire(request, nowMs, out AcquireOutcome outcome);
        return outcome.IsGranted ? id : throw new InvalidOperationException($"{resource} is not free for {agent}");
    }
}
