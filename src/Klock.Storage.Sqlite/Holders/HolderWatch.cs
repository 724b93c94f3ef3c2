using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Holders;

/// <summary>Finds out which processes that hold something in a store are gone. One for a store object; not thread-safe.</summary>
/// <param name="self">The id of this store object, which it never checks.</param>
/// <param name="process">The process that leases are bound to; null for none.</param>
/// <param name="time">The clock.</param>
/// <remarks>
/// A check whether a number is in use costs a system call. It is made every time, but with many processes every 50 µs for each: for a
/// thousand of them twenty times a second. A check whether it is still the same process costs some microseconds, and is made rarely.
/// </remarks>
internal sealed class HolderWatch(LeaseId self, HolderProcess? process, TimeProvider time)
{
    private static readonly TimeSpan LookCloserEvery = TimeSpan.FromMilliseconds(250);

    // Up to so many are checked every time; with more, each costs no more than this share of the time.
    private const int Few = 16;
    private static readonly TimeSpan RestForEach = TimeSpan.FromMicroseconds(50);

    private readonly Dictionary<LeaseId, HolderProcess> _known = [];

    // Found gone, and not yet forgotten: a caller checks twice, the second time inside a transaction, where the check may be left out or be
    // less close.
    private readonly HashSet<LeaseId> _gone = [];
    private long _lookedAt;
    private long _lookedCloserAt;

    /// <summary>Stores the identity of this process, in the transaction that binds the first lease to it.</summary>
    public void Introduce(SqliteFile file)
    {
        if (process is not null)
        {
            file.Statement("INSERT OR IGNORE INTO holders (holder_id, boot, pid_namespace, pid, started_at, process_group)"
                + " VALUES (?, ?, ?, ?, ?, ?)")
                .Bind(self).Bind(process.Boot).Bind(process.Namespace).Bind(process.Pid).Bind(process.StartedAt).Bind(process.Group).Run();
        }
    }

    /// <summary>The stored processes that are gone; some may hold nothing any more. Inside a transaction.</summary>
    public IReadOnlyList<LeaseId> FindGone(SqliteFile file)
    {
        List<LeaseId> stored = [];
        for (Statement row = file.Statement("SELECT holder_id FROM holders"); row.Step();)
        {
            stored.Add(Values.ToId(row.Blob(0)));
        }

        return FindGone(file, stored);
    }

    /// <summary>The processes that are gone, of those that the table's leases are bound to. Inside a write transaction.</summary>
    public IReadOnlyList<LeaseId> FindGone(SqliteFile file, LeaseTable table)
    {
        ForgetOthers(table);
        return FindGone(file, table.BoundProcesses);
    }

    /// <summary>
    /// Whether the table, which was read without the write lock, may have something of a process that is gone. True also when the file has
    /// not stored such a process any more: another store object ended what it held after the table was read, so the table is old.
    /// </summary>
    public bool MayHaveGone(SqliteFile file, LeaseTable table)
    {
        ForgetOthers(table);
        return FindGone(file, table.BoundProcesses, isNotStoredGone: true).Count > 0;
    }

    /// <summary>Ends, inside a write transaction, what is bound to processes that are gone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">Has all that is bound to them.</param>
    /// <param name="gone">Their ids.</param>
    /// <param name="nowMs">The time.</param>
    public void End(SqliteFile file, LeaseTable table, IReadOnlyList<LeaseId> gone, long nowMs)
    {
        foreach (LeaseId holder in gone)
        {
            if (table.BoundProcesses.Contains(holder))
            {
                table.EndBound(holder, nowMs);
            }

            _known.Remove(holder);
            _gone.Remove(holder);
            file.Statement("DELETE FROM holders WHERE holder_id = ?").Bind(holder).Run();
        }
    }

    /// <summary>Whether these are two processes, rather than two store objects of one, and both alive.</summary>
    public bool AreTwoLive(SqliteFile file, LeaseId one, LeaseId other) =>
        (one == self ? process : Find(file, one)) is { } first && (other == self ? process : Find(file, other)) is { } second
        && !first.IsSameProcess(second) && !first.IsGone() && !second.IsGone();

    private List<LeaseId> FindGone(SqliteFile file, IReadOnlyCollection<LeaseId> among, bool isNotStoredGone = false)
    {
        int holders = among.Count;
        if (holders == 0)
        {
            return [];
        }

        if (holders > Few && time.GetElapsedTime(_lookedAt) < RestForEach * holders)
        {
            // What a reader has just found gone is ended by the transaction that it starts for that.
            return _gone.Count == 0 ? [] : [.. among.Where(_gone.Contains)];
        }

        _lookedAt = time.GetTimestamp();

        bool closer = time.GetElapsedTime(_lookedCloserAt) >= LookCloserEvery;
        if (closer)
        {
            _lookedCloserAt = time.GetTimestamp();
        }

        List<LeaseId>? gone = null;
        foreach (LeaseId holder in among)
        {
            if (holder == self)
            {
                continue;
            }

            HolderProcess? stored = Find(file, holder);
            if (_gone.Contains(holder) || (stored is not null && IsGone(stored, closer)))
            {
                _gone.Add(holder);
                (gone ??= []).Add(holder);
            }
            else if (stored is null && isNotStoredGone)
            {
                (gone ??= []).Add(holder);
            }
        }

        return gone ?? [];
    }

    // Most processes hold something for a moment, and never again.
    private void ForgetOthers(LeaseTable table)
    {
        if (_known.Count > (2 * table.BoundProcesses.Count) + Few)
        {
            HashSet<LeaseId> bound = [.. table.BoundProcesses];
            _gone.IntersectWith(bound);
            foreach (LeaseId past in _known.Keys.Where(holder => !bound.Contains(holder)).ToList())
            {
                _known.Remove(past);
            }
        }
    }

    private static bool IsGone(HolderProcess other, bool closer) => (closer || !ProcessStatus.Exists(other.Pid)) && other.IsGone();

    private HolderProcess? Find(SqliteFile file, LeaseId holder)
    {
        if (_known.TryGetValue(holder, out HolderProcess? known))
        {
            return known;
        }

        Statement row = file.Statement(
            "SELECT boot, pid_namespace, pid, started_at, process_group FROM holders WHERE holder_id = ?").Bind(holder);
        if (!row.Step())
        {
            return null;
        }

        known = new HolderProcess(row.Text(0), row.Text(1), (int)row.Long(2), row.Long(3), (int)row.Long(4));
        row.Reset();
        _known.Add(holder, known);
        return known;
    }
}
