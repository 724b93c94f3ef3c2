using System.IO.MemoryMappedFiles;

namespace Klock.Storage.Hammer;

/// <summary>
/// Sees every overlap. Memory that all processes share, with a row for each worker and in it a cell for each claim: until when
/// (ms since 1970) the worker is in it, 0 when it is not. A worker enters after its grant and leaves before its release.
/// </summary>
/// <remarks>
/// Entering writes the own cell and then reads those of the others, with a full fence between: of two that are in conflicting
/// cells at once, the one that entered last sees the other. A worker that was killed stays in its cells until its leases would
/// have run out, as it must, unless they are bound to its process: then it is in as long as that lives. Thread-safe, and safe across
/// processes.
/// </remarks>
public sealed unsafe class Witness : IDisposable
{
    /// <summary>The most workers that one run can have, those that were killed included.</summary>
    public const int MostWorkers = 4_096;

    // The header's counters; behind them the highest token seen for each resource, then the rows. A row begins with the time
    // after which all its cells are out of date, so that rows of workers long gone cost one look, and the process it is bound to.
    private const int StopAt = 0, ReadyAt = 1, WorkersAt = 2, HeaderLength = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _memory;

    /// <summary>Makes the file, or opens the one that is there.</summary>
    public Witness(string path)
    {
        long bytes = (RowsAt + ((long)MostWorkers * RowLength)) * sizeof(long);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _file = MemoryMappedFile.CreateFromFile(
            file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _memory = (long*)start;
    }

    /// <summary>Whether workers are to finish.</summary>
    public bool Stopped
    {
        get => Volatile.Read(ref _memory[StopAt]) != 0;
        set => Volatile.Write(ref _memory[StopAt], value ? 1 : 0);
    }

    /// <summary>How many workers have started, or have come to a barrier.</summary>
    public long Ready => Volatile.Read(ref _memory[ReadyAt]);

    private static int RowsAt => HeaderLength + Ground.ResourceCount;

    private static int RowLength => 2 + Ground.Cells;

    /// <summary>Counts a worker, or its arrival at a barrier, in.</summary>
    public void Arrive() => Interlocked.Increment(ref _memory[ReadyAt]);

    /// <summary>The row of a new worker; no two get the same.</summary>
    /// <param name="boundTo">The process that its leases are bound to; 0 for none.</param>
    public int AddWorker(int boundTo = 0)
    {
        long worker = Interlocked.Increment(ref _memory[WorkersAt]) - 1;
        if (worker >= MostWorkers)
        {
            throw new InvalidOperationException($"more than {MostWorkers} workers");
        }

        Volatile.Write(ref RowProcess((int)worker), boundTo);
        return (int)worker;
    }

    /// <summary>A worker was granted a claim. Returns what is wrong with that; null when all is well.</summary>
    /// <param name="worker">Its row.</param>
    /// <param name="cell">The claim.</param>
    /// <param name="untilMs">Until when it may rely on the lease: when it sent the request, plus the ttl.</param>
    /// <param name="token">The lease's fencing token.</param>
    /// <param name="now">The clock, read after what was found in another's cell.</param>
    public string? Enter(int worker, int cell, long untilMs, long token, Func<long> now)
    {
        Renew(worker, cell, untilMs);
        long startMs = now();
        for (int other = 0; other < Volatile.Read(ref _memory[WorkersAt]); other++)
        {
            if (other != worker && Volatile.Read(ref RowUntil(other)) > startMs && FindConflict(other, cell, now) is { } conflicting
                && !IsGone(other))
            {
                return $"worker {worker} was let into {Ground.Claim(cell)} while worker {other} is in {Ground.Claim(conflicting)}";
            }
        }

        return Ground.IsWriting(cell) ? CheckToken(Ground.ResourceOf(cell), untilMs, token, now) : null;
    }

    /// <summary>A worker renewed its claim.</summary>
    public void Renew(int worker, int cell, long untilMs)
    {
        Volatile.Write(ref RowUntil(worker), Math.Max(untilMs, RowUntil(worker)));
        Interlocked.Exchange(ref Cell(worker, cell), untilMs);
    }

    /// <summary>A worker is about to release its claim.</summary>
    public void Leave(int worker, int cell) => Interlocked.Exchange(ref Cell(worker, cell), 0);

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private int? FindConflict(int other, int cell, Func<long> now)
    {
        foreach (int conflicting in Ground.ConflictsOf(cell))
        {
            long untilMs = Volatile.Read(ref Cell(other, conflicting));
            if (untilMs > now())
            {
                return conflicting;
            }
        }

        return null;
    }

    // Asked after the conflict was seen: who is alive now was alive when somebody else was let in.
    private bool IsGone(int worker) => Volatile.Read(ref RowProcess(worker)) is not 0 and var process && !IsAlive(process);

    private static bool IsAlive(long process)
    {
        try
        {
            // The state of a process follows its name, which is in parentheses (proc_pid_stat(5)): Z when it has ended.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Nobody else writes to this resource while the claim lasts, so whatever token is higher is one that came before.
    private string? CheckToken(int resource, long untilMs, long token, Func<long> now)
    {
        long highest = Volatile.Read(ref _memory[HeaderLength + resource]);
        if (now() >= untilMs)
        {
            return null;
        }

        Interlocked.Exchange(ref _memory[HeaderLength + resource], token);
        return token > highest ? null : $"a writer of resource {resource} got token {token} after {highest}";
    }

    private ref long RowUntil(int worker) => ref _memory[RowsAt + (worker * RowLength)];

    private ref long RowProcess(int worker) => ref _memory[RowsAt + (worker * RowLength) + 1];

    private ref long Cell(int worker, int cell) => ref _memory[RowsAt + (worker * RowLength) + 2 + cell];
}
