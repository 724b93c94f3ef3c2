using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Microsoft.Win32.SafeHandles;

namespace Klock.Storage.Sqlite.Waking;

/// <summary>Processes that share a store wake each other through it. Thread-safe.</summary>
/// <remarks>
/// A datagram socket under a name that is no file (unix(7), abstract sockets): nothing is left behind by a process that is killed, nobody's
/// permissions are in the way, and a wake-up waits there for whoever is about to sleep. The name is made of the random id under which the
/// process waits. Others on the machine can find it out and wake it: that costs it one look at the store. Where there are no such sockets,
/// or the two are in different network namespaces, nobody is woken: so a store is also looked at every now and then.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class WakeUpSocket : IWakeUps, IDisposable
{
    private const int UnixFamily = 1, Datagram = 2, CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const int DontWait = 0x40, NoBrokenPipeSignal = 0x4000;
    private const short Readable = 1;
    private const int Interrupted = 4;

    // What is left of more only ends the next sleep at once: a flood must not keep a timekeeper from its work.
    private const int MostCleared = 64;

    private readonly SafeFileHandle _socket;
    private readonly byte[] _name;
    private bool? _listens;

    private WakeUpSocket(SafeFileHandle socket, LeaseId ownerId)
    {
        _socket = socket;
        _name = NameOf(ownerId);
    }

    /// <summary>Makes one; null where that cannot be.</summary>
    /// <param name="ownerId">The id under which the process waits.</param>
    public static WakeUpSocket? TryMake(LeaseId ownerId)
    {
        int descriptor = MakeSocket(UnixFamily, Datagram | CloseOnExec | NonBlocking, protocol: 0);
        return descriptor < 0 ? null : new WakeUpSocket(new SafeFileHandle(descriptor, ownsHandle: true), ownerId);
    }

    /// <summary>Lets others find it. False where that cannot be, and once it has failed.</summary>
    public bool TryListen() => _listens ??= Bind(_socket, _name, _name.Length) == 0;

    /// <summary>Wakes another process, if it sleeps or is about to. One that is woken already, or gone, is none the wiser.</summary>
    public void Wake(LeaseId ownerId) => Send(NameOf(ownerId));

    /// <inheritdoc/>
    public void Wake() => Send(_name);

    /// <inheritdoc/>
    public unsafe void Clear()
    {
        try
        {
            byte nothing;
            for (int i = 0; i < MostCleared && Receive(_socket, &nothing, 1, DontWait) >= 0; i++)
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // The store was closed, which answers all who wait here.
        }
    }

    /// <inheritdoc/>
    public unsafe void Sleep(TimeSpan longest)
    {
        bool isHeld = false;
        try
        {
            _socket.DangerousAddRef(ref isHeld);
            var awaited = new PollDescriptor { Descriptor = (int)_socket.DangerousGetHandle(), Events = Readable };
            int ready = Poll(&awaited, count: 1, (int)Math.Ceiling(longest.TotalMilliseconds));
            if (ready < 0 ? Marshal.GetLastPInvokeError() != Interrupted : ready > 0 && awaited.Returned != Readable)
            {
                // It is of no use any more, as when the host has closed all descriptors. Without this, the caller would not sleep at all.
                _listens = false;
                Thread.Sleep(1);
            }
        }
        catch (ObjectDisposedException)
        {
            // As in Clear.
        }
        finally
        {
            if (isHeld)
            {
                _socket.DangerousRelease();
            }
        }
    }

    /// <summary>Whoever sleeps must have been woken.</summary>
    public void Dispose() => _socket.Dispose();

    // sockaddr_un: the family, a zero byte, the name.
    private static byte[] NameOf(LeaseId ownerId) => [UnixFamily, 0, 0, .. Encoding.ASCII.GetBytes($"klock/{ownerId}")];

    private unsafe void Send(byte[] name)
    {
        try
        {
            byte nothing = 0;
            _ = SendTo(_socket, &nothing, 0, DontWait | NoBrokenPipeSignal, name, name.Length);
        }
        catch (ObjectDisposedException)
        {
            // As in Clear.
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int MakeSocket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "bind")]
    private static partial int Bind(SafeFileHandle socket, byte[] name, int bytes);

    [LibraryImport("libc", EntryPoint = "sendto")]
    private static unsafe partial nint SendTo(SafeFileHandle socket, byte* message, nint bytes, int flags, byte[] name, int nameBytes);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static unsafe partial nint Receive(SafeFileHandle socket, byte* message, nint bytes, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static unsafe partial int Poll(PollDescriptor* awaited, nuint count, int milliseconds);
}
