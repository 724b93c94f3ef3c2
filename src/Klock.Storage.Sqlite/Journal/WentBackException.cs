namespace Klock.Storage.Sqlite.Journal;

/// <summary>A file that is in use holds an earlier state than before, or another store's.</summary>
internal sealed class WentBackException() : IOException(
    "it went back to an earlier state while it was in use, as when a backup is restored: leases that were granted since are lost. "
        + "It goes on above every number that it gave");
