using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Ids;

/// <summary>Ids from the operating system's random generator, fetched some hundred at a time.</summary>
/// <remarks>
/// On Linux this is getrandom(2) itself: the managed generator loads OpenSSL, and a host without it would be aborted.
/// Thread-safe; every thread has its own buffer.
/// </remarks>
public sealed partial class KernelRandom : ILeaseIdSource
{
    private const int IdBytes = 16;
    private const int BatchBytes = 4096;

    [ThreadStatic]
    private static Batch? t_batch;

    private KernelRandom()
    {
    }

    /// <summary>The process's own source.</summary>
    public static KernelRandom Shared { get; } = new();

    /// <inheritdoc />
    public LeaseId Next()
    {
        Batch batch = t_batch ??= new Batch();
        if (batch.Left == 0)
        {
            Fill(batch.Bytes);
            batch.Left = BatchBytes;
        }

        batch.Left -= IdBytes;
        Span<byte> bytes = batch.Bytes.AsSpan(batch.Left, IdBytes);
        var id = LeaseId.FromBytes(bytes);
        bytes.Clear();
        return id;
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
    [SupportedOSPlatform("linux")]
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

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static unsafe partial nint GetRandom(byte* buffer, nuint length, uint flags);

    private sealed class Batch
    {
        public byte[] Bytes { get; } = new byte[BatchBytes];

        // How many bytes are left that no id was made of.
        public int Left { get; set; }
    }
}
