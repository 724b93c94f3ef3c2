namespace Klock.Kernel.Tests.Sequences;

/// <summary>Whatever takes commands: the kernel, or the model it is held against.</summary>
internal interface ISubject
{
    Answer Register(string agent, ulong priority, long nowMs);

    Answer Acquire(Ask ask, UInt128 id, long nowMs);

    Answer Declare(string agent, string session, IReadOnlyList<(string Predicate, string Type, string Path)> intents, long nowMs);

    Answer Heartbeat(UInt128 id, long? ttlMs, long nowMs);

    Answer Release(UInt128 id, long nowMs);

    Answer Revoke(UInt128 id, long nowMs);

    Answer Evict(long nowMs);

    /// <summary>The state at a time, without ending what is overdue.</summary>
    StateView View(long nowMs);

    /// <summary>The events since this was last called.</summary>
    IReadOnlyList<EventView> TakeEvents();
}
