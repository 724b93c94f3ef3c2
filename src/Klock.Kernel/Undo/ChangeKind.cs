namespace Klock.Kernel.Undo;

/// <summary>The kinds of changes that can be reversed; each names what <see cref="Change.Item"/> is.</summary>
internal enum ChangeKind : byte
{
    /// <summary>An agent became known.</summary>
    AgentAdded,

    /// <summary>An agent was forgotten; before it: the idle agent that was used less recently.</summary>
    AgentRemoved,

    /// <summary>An agent that was known was used, and has another priority. The flag: it was idle.</summary>
    AgentChanged,

    /// <summary>A lease was granted. The flag: its agent was idle; before it: the idle agent that was used less recently.</summary>
    LeaseHeld,

    /// <summary>A lease ended. Its place on its node, and the lease before it in its session.</summary>
    LeaseRemoved,

    /// <summary>A lease has another ttl (number) or end (other).</summary>
    LeaseRenewed,

    /// <summary>A lease is bound to another process.</summary>
    LeaseBound,

    /// <summary>A lease has another predicate and token (number); other: the token of its grant, if it was kept.</summary>
    LeaseChanged,

    /// <summary>A lease was granted to a session that two processes share; before: the set of those that were notified.</summary>
    LeaseShared,

    /// <summary>A lease's end is remembered.</summary>
    EndAdded,

    /// <summary>An end is remembered no longer.</summary>
    EndForgotten,

    /// <summary>A claim was added to a tree (node).</summary>
    ClaimAdded,

    /// <summary>A claim was removed from a tree (before).</summary>
    ClaimRemoved,

    /// <summary>A node got lines, or has none any more; before: those it had.</summary>
    CrowdSet,

    /// <summary>The places of a line were filled anew.</summary>
    LineRebuilt,

    /// <summary>A line's first place that is not senior.</summary>
    LineAged,

    /// <summary>A line's elder.</summary>
    LineElder,

    /// <summary>A request began to wait. The flag: its agent was idle.</summary>
    WaitStarted,

    /// <summary>A request waits no longer. Its place (number) in its session, whose seniority is the other number.</summary>
    WaitStopped,

    /// <summary>A parked request moved to the queue.</summary>
    WaitPromoted,

    /// <summary>A request left the place that it shared; the number is its index there.</summary>
    WaitLeftPlace,

    /// <summary>A request took over the place that it shared.</summary>
    WaitSucceeded,

    /// <summary>A parked request was passed.</summary>
    WaitPassed,

    /// <summary>The elder in a parked request's way.</summary>
    WaitElder,

    /// <summary>A request's session was renewed.</summary>
    WaitKept,

    /// <summary>The keep-alive of a process that waits. The flag: it was known.</summary>
    OwnerKept,

    /// <summary>A session became senior.</summary>
    SessionAged,

    /// <summary>A claim has another list of watchers.</summary>
    WatchersSet,

    /// <summary>A request was added to a list of watchers.</summary>
    WatcherAdded,

    /// <summary>A request was removed from a list of watchers.</summary>
    WatcherRemoved,
}
