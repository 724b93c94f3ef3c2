namespace Klock.Coordinator.Stores.Replicated;

/// <summary>A journal has not what it had. Nothing may be granted on such a state: tokens would be given a second time.</summary>
internal sealed class JournalWentBackException : IOException
{
    private const string Refuses =
        "as one restored from a backup does; this server refuses until one is started with klock serve --accept-restore";

    /// <summary>It has fewer events.</summary>
    /// <param name="what">The engine, as the start of a sentence.</param>
    /// <param name="from">The last event that there was.</param>
    /// <param name="to">The last one that there is.</param>
    public JournalWentBackException(string what, long from, long to)
        : base($"{what} has gone back from event {from} to {to}, {Refuses}")
    {
    }

    /// <summary>It has as many again, and they are others.</summary>
    /// <param name="known">The last event that there was.</param>
    public JournalWentBackException(long known)
        : base($"The journal has gone back from event {known} and has other events since, {Refuses}")
    {
    }
}
