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

    private readonly byte[] _buffer = new byte[4096];
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

    private static void Fill(byte[] buffer)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(buffer);
        }
        else
        {
            FillOnLinux(buffer);
        }
    }

    // A signal may cut it short after 256 bytes (getrandom(2), NOTES).
    private static unsafe void FillOnLinux(Span<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            fixed (byte* start = rest)
            {
                nint filled = GetRandom(start, (nuint)rest.Length, flags: 0);
                if (filled <= 0)
                {
                    throw new KlockException(ErrorCode.Internal, "The operating system gave no random bytes for a lease id.");
                }

                rest = rest[(int)filled..];
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static unsafe partial nint GetRandom(byte* buffer, nuint length, uint flags);
}
