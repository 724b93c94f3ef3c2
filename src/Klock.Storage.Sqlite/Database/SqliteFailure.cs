namespace Klock.Storage.Sqlite.Database;

/// <summary>SQLite said no.</summary>
internal sealed class SqliteFailure(int extendedCode, string doing, string reason)
    : Exception($"{doing}: {reason} (SQLite code {extendedCode})")
{
    private const int PrimaryMask = 0xff;
    private const int Busy = 5;

    /// <summary>Whether another connection holds the lock, so that trying again a little later can help.</summary>
    public bool IsBusy => (extendedCode & PrimaryMask) == Busy;
}
