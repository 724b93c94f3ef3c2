namespace Klock.Coordinator.Stores.Replicated;

/// <summary>A journal has fewer events than it had. Nothing may be granted on such a state: tokens would be given a second time.</summary>
/// <param name="what">The engine, as the start of a sentence.</param>
/// <param name="from">The last event that there was.</param>
/// <param name="to">The last one that there is.</param>
internal sealed class JournalWentBackException(string what, long from, long to) : IOException(
    $"{what} has gone back from event {from} to {to}, as one restored from a backup does; this server refuses until one is "
    + "started with klock serve --accept-restore");
