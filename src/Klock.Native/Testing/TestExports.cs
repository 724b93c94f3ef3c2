using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Klock.Native.Testing;

/// <summary>The functions that the test flavour of the C shim calls (shim/managed.h). Not in the library that is shipped.</summary>
[SuppressMessage("Style", "IDE0051", Justification = "They are called from C alone.")]
internal static unsafe class TestExports
{
    [UnmanagedCallersOnly(EntryPoint = "klock_managed_test_open")]
    private static ulong Open(byte* json, nuint bytes, byte** errorJson)
    {
        var call = new Call { Text = new NativeText(json, bytes) };
        NativeAnswer.HandOut(Boundary.Run(&TestRequests.Open, ref call), errorJson);
        return call.Handle;
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_test_echo")]
    private static byte* Echo(ulong handle, byte* json, nuint bytes)
    {
        var call = new Call { Handle = handle, Text = new NativeText(json, bytes) };
        return Boundary.Run(&TestRequests.EchoBack, ref call);
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_test_set_now")]
    private static void SetNow(ulong handle, long nowMs) => TestRequests.SetNow(handle, nowMs);

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_test_sqlite_version")]
    private static int SqliteVersion() => SqliteVersionNumber();

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_test_collect")]
    private static void Collect() => CollectGarbage();

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int SqliteVersionNumber()
    {
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return raw.sqlite3_libversion_number();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void CollectGarbage() => GC.Collect();
}
