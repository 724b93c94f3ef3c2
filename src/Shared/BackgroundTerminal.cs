using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock;

/// <summary>What becomes of a program of ours that changes a terminal while it is in the terminal's background.</summary>
/// <remarks>
/// The system stops it (SIGTTOU). The runtime changes the terminal by itself at every SIGCONT, which timeout(1), itself in the background
/// of a script, sends after its signal: the program would hang instead of ending.
/// </remarks>
internal static partial class BackgroundTerminal
{
    private const int Block = 0;
    private const int SigTtou = 22;

    /// <summary>From now on the process is not stopped. Call it first: a thread inherits the signals that its creator blocks.</summary>
    /// <remarks>Ignoring the signal would not do: the runtime sets its action to the default one.</remarks>
    public static void RunOn()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // sigset_t of Linux: 1024 bits, signal n is bit n - 1.
        Span<ulong> set = stackalloc ulong[16];
        set.Clear();
        set[0] = 1UL << (SigTtou - 1);
        _ = SignalMask(Block, ref set[0], 0);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SignalMask(int how, ref ulong set, nint before);
}
