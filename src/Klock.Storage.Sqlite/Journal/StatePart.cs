using Klock.Coordinator.Stores;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The part of a store's state that one command can meet: a process that runs one command need not load all of it.</summary>
/// <remarks>
/// The command decides on it as it would on the whole: it has all leases that can be in its way, that its request id got before, that it
/// names, that are overdue, and whose processes are gone. Where anybody waits or is senior, a command concerns more than that, and there
/// is no part. What is decided is written as usual; events of others are never applied to a part.
/// </remarks>
/// <param name="Concern">What the command is about.</param>
/// <param name="Gone">The processes that are gone, of all that may have something bound to them.</param>
/// <param name="NowMs">The time, at which the command must be run.</param>
internal sealed record StatePart(Concern Concern, IReadOnlyList<LeaseId> Gone, long NowMs)
{
    // With more leases, loading all is not much slower.
    private const int MostLeases = 4_096;

    /// <summary>The paths of all that can be in its way.</summary>
    public Neighbourhood Paths { get; } = new(Concern.Intents.Select(intent => intent.Resource));

    /// <summary>The lease that it names; null for none.</summary>
    public LeaseId? Lease => Concern.Lease;

    /// <summary>The request's idempotency key; null for none.</summary>
    public string? RequestId => Concern.RequestId;

    /// <summary>Loads it, inside a write transaction; null when the command may need more.</summary>
    /// <param name="file">The file.</param>
    /// <param name="head">Its last event.</param>
    public LeaseTable? TryLoad(SqliteFile file, in HeadRow head)
    {
        if (Paths.Prefixes.Contains("") || Any(file, "SELECT 1 FROM waits LIMIT 1")
            || Any(file, "SELECT 1 FROM leases INDEXED BY senior_leases WHERE senior_since <> 0 LIMIT 1"))
        {
            return null;
        }

        var tokens = new SortedSet<long>();
        LeaseIndex.Find(file, this with { NowMs = Math.Max(NowMs, head.AtMs) }, tokens);
        bool isEnough = tokens.Count <= MostLeases && !MayForgetAgent(file)
            && (!Concern.MayWait || IsGranted(Load(file, head, tokens)));
        return isEnough ? Load(file, head, tokens) : null;
    }

    private static bool Any(SqliteFile file, string sql)
    {
        Statement row = file.Statement(sql);
        bool any = row.Step();
        if (any)
        {
            row.Reset();
        }

        return any;
    }

    private LeaseTable Load(SqliteFile file, in HeadRow head, SortedSet<long> tokens)
    {
        var table = new LeaseTable(0);
        StateRows.LoadLeases(file, table, tokens);
        if (Concern.AgentId is { } agentId)
        {
            StateRows.TryLoadAgent(file, table, agentId);
        }

        if (Lease is { } id && table.FindLease(id) is null)
        {
            StateRows.LoadEnded(file, table);
        }

        table.MoveTo(head.Sequence, head.AtMs);
        return table;
    }

    // A new agent is remembered, and then there may be too many.
    private bool MayForgetAgent(SqliteFile file) =>
        Concern.AgentId is { } agentId && !StateRows.TryLoadAgent(file, new LeaseTable(0), agentId)
        && Any(file, $"SELECT 1 FROM agents LIMIT 1 OFFSET {LeaseTable.RememberedAgents - 1}");

    // Tried on a table that is discarded.
    private bool IsGranted(LeaseTable tried)
    {
        foreach (LeaseId process in Gone)
        {
            tried.EndBound(process, NowMs);
        }

        return tried.Declare(Concern.AgentId!, Concern.SessionId!, [.. Concern.Intents], NowMs).Verdict == Verdict.Grant;
    }
}
