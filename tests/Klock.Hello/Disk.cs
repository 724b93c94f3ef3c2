using System.Runtime.InteropServices;

namespace Klock.Hello;

/// <summary>The call that a store waits for.</summary>
internal static partial class Disk
{
    [LibraryImport("libc", EntryPoint = "fdatasync")]
    public static partial int Sync(SafeHandle file);
}
