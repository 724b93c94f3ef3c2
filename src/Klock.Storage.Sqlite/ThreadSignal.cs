using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Storage.Sqlite;

/// <summary>Lets threads sleep until another thread has made a condition true.</summary>
/// <remarks>
/// Where dozens of threads sleep at every commit, waking them is the main cost. A monitor makes them queue for its lock when they are
/// woken, and wakes them one by one. So on Linux this is a bare futex (futex(2)).
/// </remarks>
internal sealed partial class ThreadSignal
{
    private const int WaitPrivate = 128, WakePrivate = 129;

    // The number of the system call; 0 where it is not used.
    private static readonly int s_futex = !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    // Counts wake-ups. Pinned, since the kernel identifies it by its address.
    private readonly int[] _wakes = GC.AllocateArray<int>(1, pinned: true);

    private unsafe int* Address => (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_wakes, 0);

    /// <summary>Sleeps until a condition holds. Whoever makes it hold calls <see cref="Wake"/> afterwards.</summary>
    public void SleepUntil<T>(T what, Func<T, bool> isSo)
    {
        while (true)
        {
            int wakes = Volatile.Read(ref _wakes[0]);
            if (isSo(what))
            {
                return;
            }

            Sleep(wakes);
        }
    }

    /// <summary>Lets all sleepers check their condition again.</summary>
    public unsafe void Wake()
    {
        if (OperatingSystem.IsLinux() && s_futex != 0)
        {
            Interlocked.Increment(ref _wakes[0]);
            _ = Futex(s_futex, Address, WakePrivate, int.MaxValue, timeout: null);
            return;
        }

        lock (_wakes)
        {
            _wakes[0]++;
            Monitor.PulseAll(_wakes);
        }
    }

    // Returns at once when there was a wake-up since; it may also return without one.
    private unsafe void Sleep(int wakes)
    {
        if (OperatingSystem.IsLinux() && s_futex != 0)
        {
            _ = Futex(s_futex, Address, WaitPrivate, wakes, timeout: null);
            return;
        }

        lock (_wakes)
        {
            while (_wakes[0] == wakes)
            {
                Monitor.Wait(_wakes);
            }
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial nint Futex(nint number, int* word, int operation, int value, void* timeout);
}
