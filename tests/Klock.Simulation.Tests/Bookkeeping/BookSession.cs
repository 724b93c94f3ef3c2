using System.Text;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>An agent as the books know it.</summary>
internal sealed class BookAgent(string id)
{
    public string Id { get; } = id;

    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(id);

    /// <summary>Null while the agent is not registered.</summary>
    public ulong? Priority { get; set; }
}

/// <summary>One session of an agent, with SPEC KLIS-3's seniority.</summary>
internal sealed class BookSession(BookAgent agent, string id)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(id);

    public BookAgent Agent { get; } = agent;

    public string Id { get; } = id;

    /// <summary>The number of the parked request that made it senior; null when it is not.</summary>
    public long? SeniorSince { get; set; }

    /// <summary>
    /// Seniors first, whose request was parked earlier before the others; then by priority, agent and session, ids by their bytes. An
    /// unregistered agent is judged as if it registered now.
    /// </summary>
    public int CompareTo(BookSession other, long nowMs)
    {
        if (SeniorSince is not null || other.SeniorSince is not null)
        {
            return (SeniorSince ?? long.MaxValue).CompareTo(other.SeniorSince ?? long.MaxValue);
        }

        int byPriority = (Agent.Priority ?? (ulong)nowMs).CompareTo(other.Agent.Priority ?? (ulong)nowMs);
        int byAgent = byPriority != 0 ? byPriority : Agent.Bytes.AsSpan().SequenceCompareTo(other.Agent.Bytes);
        return byAgent != 0 ? byAgent : _bytes.AsSpan().SequenceCompareTo(other._bytes);
    }

    public override string ToString() => $"{Agent.Id}/{Id}";
}
