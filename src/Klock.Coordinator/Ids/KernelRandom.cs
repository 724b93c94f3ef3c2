using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Ids;

/// <summary>Ids from the operating system's random generator, fetched some hundred at a time.</summary>
/// <remarks>
/// On Linux this is getrandom(2) itself: the managed generator loads OpenSSL, and a host without it would be aborted.
/// </remarks>
public sealed partial class KernelRandom : ILeaseIdSource
{
    private const int IdBytes = 16;

    // getrandom never returns less than asked for up to 256 bytes, once the system has booted (getrandom(2), NOTES).
    private readonly byte[] _buffer = new byte[256];
    private readonly Lock _lock = new();
    private int _used;

    /// <summary>An empty source; the first id fetches random bytes.</summary>
    public KernelRandom() => _used = _buffer.Length;

    /// <summary>The process's own source.</summary>
    public static KernelRandom Shared { get; } = new();

    /// <inheritdoc />
    public LeaseId Next()
    {
        lock (_lock)
        {
            if (_used == _buffer.Length)
            {
                Fill(_buffer);
                _used = 0;
            }

            var id = LeaseId.FromBytes(_buffer.AsSpan(_used, IdBytes));
            _buffer.AsSpan(_used, IdBytes).Clear();
            _used += IdBytes;
            return id;
        }
    }

    /// <summary>Forgets bytes that were fetched but not used. A forked child must, or it would give the ids its parent gives.</summary>
    public void DropBuffered()
    {
        lock (_lock)
        {
            _used = _buffer.Length;
        }
    }

    private static void Fill(byte[] buffer)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(buffer);
        }
        else if (GetRandom(buffer, (nuint)buffer.Length, flags: 0) != buffer.Length)
        {
            throw new KlockException(ErrorCode.Internal, "The operating system gave no random bytes for a lease id.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom([Out] byte[] buffer, nuint length, uint flags);
}
