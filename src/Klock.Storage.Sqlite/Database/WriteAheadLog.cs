using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Klock.Storage.Sqlite.Database;

/// <summary>The write-ahead log of an open file, by a descriptor of our own: it can be flushed while SQLite writes to it.</summary>
/// <remarks>
/// Thread-safe. It is the same file as long as a connection is open: only the last one to close deletes it. SQLite holds no lock
/// on it, so closing a descriptor drops none, as it would on the database and its -shm (fcntl(2)). And a write error since a descriptor
/// was opened is reported to it, once, even if it was reported to others too (fsync(2)).
/// </remarks>
internal sealed partial class WriteAheadLog(SqliteFile database) : IDisposable
{
    private const int Interrupted = 4;

    private readonly SafeFileHandle _file = Open(database.RealPath + "-wal");

    /// <summary>Returns when all that was written before is on the disk.</summary>
    /// <exception cref="IOException">It may not be, and another flush would not show whether it is.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_file);
            return;
        }

        while (SynchronizeData(_file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new IOException($"its log cannot be flushed: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <summary>
    /// Writes the log's bytes over themselves, and flushes them. Inside a write transaction, so that nobody else writes meanwhile.
    /// </summary>
    /// <remarks>
    /// After a failed flush the system may mark what it could not write as written, so that the next flush succeeds.
    /// </remarks>
    public void Rewrite()
    {
        byte[] piece = new byte[1 << 20];
        for (long offset = 0; ;)
        {
            int read = RandomAccess.Read(_file, piece, offset);
            if (read == 0)
            {
                break;
            }

            RandomAccess.Write(_file, piece.AsSpan(0, read), offset);
            offset += read;
        }

        Flush();
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"its log, {path}, cannot be opened", failure);
        }
    }

    // Not fsync(2): that also waits for the file's timestamps, which nobody needs.
    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SynchronizeData(SafeFileHandle file);
}
