using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>What the C shim calls (shim/managed.h): a handle is a number here, a text is its first byte and its length.</summary>
[SuppressMessage("Style", "IDE0051", Justification = "They are called from C alone.")]
internal static unsafe class Exports
{
    [UnmanagedCallersOnly(EntryPoint = "klock_managed_open")]
    private static ulong Open(byte* json, nuint bytes, byte** errorJson)
    {
        var call = new Call { Text = new NativeText(json, bytes) };
        NativeAnswer.HandOut(Boundary.Run(&Requests.Open, ref call), errorJson);
        return call.Handle;
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_close")]
    private static void Close(ulong handle)
    {
        var call = new Call { Handle = handle };
        NativeAnswer.Free(Boundary.Run(&Requests.Close, ref call));
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_request")]
    private static byte* Request(int operation, ulong handle, byte* json, nuint bytes)
    {
        var call = new Call { Handle = handle, Operation = (Operation)operation, Text = new NativeText(json, bytes) };
        return Boundary.Run(&Requests.Execute, ref call);
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_ticket")]
    private static byte* Ticket(int verb, ulong handle, byte* json, nuint bytes)
    {
        var call = new Call { Handle = handle, TicketVerb = (TicketVerb)verb, Text = new NativeText(json, bytes) };
        return Boundary.Run(&Requests.Ticket, ref call);
    }

    [UnmanagedCallersOnly(EntryPoint = "klock_managed_canonical_path")]
    private static byte* CanonicalPath(byte* json, nuint bytes)
    {
        var call = new Call { Text = new NativeText(json, bytes) };
        return Boundary.Run(&Requests.CanonicalPath, ref call);
    }
}
