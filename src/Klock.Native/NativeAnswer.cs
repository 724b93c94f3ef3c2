using System.Runtime.InteropServices;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>Passes answers to C: written in a buffer of the calling thread, returned in memory of malloc.</summary>
internal static unsafe class NativeAnswer
{
    private const int FirstBytes = 1024;

    // A thread that once listed a million leases need not keep that much for ever.
    private const int KeptBytes = 256 * 1024;

    [ThreadStatic]
    private static Reply? t_reply;

    /// <summary>This thread's reply, empty.</summary>
    public static Reply Empty()
    {
        Reply reply = t_reply ??= new Reply(FirstBytes);
        reply.Clear();
        return reply;
    }

    /// <summary>Copies the reply into memory of malloc, with a NUL after it. NULL if it is empty, or no memory is left.</summary>
    public static byte* Take(Reply reply)
    {
        ReadOnlySpan<byte> utf8 = reply.Utf8;
        if (reply.Capacity > KeptBytes)
        {
            t_reply = null;
        }

        return utf8.IsEmpty ? null : Copy(utf8);
    }

    /// <summary>Stores the result of <see cref="Take"/> where the C caller wants it, or frees it if the caller does not.</summary>
    public static void HandOut(byte* answer, byte** place)
    {
        if (place == null)
        {
            Free(answer);
        }
        else
        {
            *place = answer;
        }
    }

    /// <summary>Frees the result of <see cref="Take"/>; NULL is ignored.</summary>
    public static void Free(byte* answer) => NativeMemory.Free(answer);

    private static byte* Copy(ReadOnlySpan<byte> utf8)
    {
        // Not NativeMemory.Alloc: it throws when no memory is left, and then only NULL can be returned.
        byte* copy = Malloc((nuint)utf8.Length + 1);
        if (copy != null)
        {
            utf8.CopyTo(new Span<byte>(copy, utf8.Length));
            copy[utf8.Length] = 0;
        }

        return copy;
    }

    // A malloc ends before a collection would have to wait for it, so the transition to unmanaged mode can be left out.
    [DllImport("libc", EntryPoint = "malloc"), SuppressGCTransition]
    private static extern byte* Malloc(nuint bytes);
}
