using Klock.Kernel.Leases;

namespace Klock.Kernel.Agents;

/// <summary>One run of an agent. Sessions conflict with each other, also those of one agent (KLIS-7).</summary>
public sealed class Session
{
    internal Session(Agent agent, string id)
    {
        Agent = agent;
        Id = id;
    }

    /// <summary>The agent that runs.</summary>
    public Agent Agent { get; }

    /// <summary>The session's name, 1 to 256 bytes of UTF-8.</summary>
    public string Id { get; }

    internal Lease? FirstLease { get; private set; }

    internal bool HoldsNothing => FirstLease is null;

    /// <summary>
    /// Seniority (KLIS-3): by priority, then agent, then session, names by their UTF-8 bytes. A strict order, so that
    /// equal priorities cannot make a circle. Negative when this session is the older.
    /// </summary>
    public int CompareSeniority(Session other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int order = Agent.Priority.CompareTo(other.Agent.Priority);
        order = order != 0 ? order : Utf8Order.Compare(Agent.Id, other.Agent.Id);
        return order != 0 ? order : Utf8Order.Compare(Id, other.Id);
    }

    internal void Add(Lease lease)
    {
        if (FirstLease is null)
        {
            Agent.Open(this);
        }
        else
        {
            FirstLease.PreviousInSession = lease;
        }

        lease.NextInSession = FirstLease;
        FirstLease = lease;
    }

    internal void Remove(Lease lease)
    {
        lease.NextInSession?.PreviousInSession = lease.PreviousInSession;
        if (lease.PreviousInSession is null)
        {
            FirstLease = lease.NextInSession;
        }
        else
        {
            lease.PreviousInSession.NextInSession = lease.NextInSession;
        }

        lease.NextInSession = lease.PreviousInSession = null;
        if (FirstLease is null)
        {
            Agent.Close(this);
        }
    }
}
