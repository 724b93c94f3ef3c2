using System.Runtime.CompilerServices;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>The one wrapper that every export goes through. No exception passes it: that would end the host's process.</summary>
/// <remarks>Thread-safe; allocates nothing of its own while all goes well.</remarks>
internal static unsafe class Boundary
{
    /// <summary>Does what a call asks for and hands out what it wrote.</summary>
    /// <returns>JSON that the C caller frees; NULL when nothing was written, or no memory was left for it.</returns>
    /// <remarks>Never inlined: a stack allocation inside an export itself aborts the process when it is the first call of all.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Run(delegate*<ref Call, Reply, void> work, ref Call call)
    {
        try
        {
            Reply reply = NativeAnswer.Empty();
            work(ref call, reply);
            return NativeAnswer.Take(reply);
        }
        catch (KlockException refused)
        {
            return Error(refused.Code, refused.Message);
        }
        catch (Exception defect)
        {
            return Error(ErrorCode.Internal, $"Klock met a defect of its own ({defect.GetType().Name}).");
        }
    }

    private static byte* Error(ErrorCode code, string sentence)
    {
        try
        {
            Reply reply = NativeAnswer.Empty();
            Answers.WriteError(reply, code, sentence);
            return NativeAnswer.Take(reply);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }
}
