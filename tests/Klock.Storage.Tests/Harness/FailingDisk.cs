using System.IO.MemoryMappedFiles;

namespace Klock.Storage.Tests.Harness;

/// <summary>What processes on a failing disk (shim/faults.c) see of it, and answer.</summary>
internal sealed class FailingDisk : IDisposable
{
    // struct disk
    private const int Bytes = 16, ChanceAt = 0, HangingAt = 4, FlushedAt = 8;
    private const uint FlushesHang = 2_000, FlushesFail = 3_000;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _disk;

    public FailingDisk(string path)
    {
        Path = path;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, Bytes);
        _disk = _file.CreateViewAccessor();
    }

    public string Path { get; }

    /// <summary>How many flushes hang at the moment.</summary>
    public uint Hanging => _disk.ReadUInt32(HangingAt);

    /// <summary>How many bytes of the log are on the disk: at least so many, as long as it did not start over.</summary>
    public long FlushedBytes => _disk.ReadInt64(FlushedAt);

    /// <summary>From now on no flush returns.</summary>
    public void Hang() => _disk.Write(ChanceAt, FlushesHang);

    /// <summary>From now on every flush fails.</summary>
    public void FailFlushes() => _disk.Write(ChanceAt, FlushesFail);

    /// <summary>From now on nothing fails.</summary>
    public void Mend() => _disk.Write(ChanceAt, 0U);

    public void Dispose()
    {
        _disk.Dispose();
        _file.Dispose();
    }
}
