using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Queues;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Claims;

/// <summary>One session's claim on one resource: what a request is judged against.</summary>
public abstract class Claim : Queueable
{
    private protected Claim(Session session, Resource resource, Predicate predicate)
    {
        Session = session;
        Resource = resource;
        Predicate = predicate;
    }

    /// <summary>The session that claims.</summary>
    public Session Session { get; }

    /// <summary>What it claims.</summary>
    public Resource Resource { get; internal set; }

    /// <summary>What it means to do with it.</summary>
    public Predicate Predicate { get; internal set; }

    /// <summary>The sequence number of the event that made it: later claims have higher ones.</summary>
    internal abstract long Number { get; }

    internal int Strength => Compatibility.Strength(Predicate);

    /// <summary>The node this claim is counted on; null while it is in no tree.</summary>
    internal ResourceNode? Node { get; set; }

    /// <summary>The last round of <see cref="ConflictSet"/> that counted it, so that none counts it twice.</summary>
    internal long CountedInRound { get; set; }

    /// <summary>Its place in the <see cref="Line"/> it stands in; -1 when it stands in none.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>The waiters that need not be judged again before this claim ends; null for none.</summary>
    internal abstract WatchList? Watchers { get; set; }

    // Links of the node's list of claims.
    internal Claim? NextOnNode { get; set; }

    internal Claim? PreviousOnNode { get; set; }
}
