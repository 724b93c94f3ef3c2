using System.Runtime.CompilerServices;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>The one wrapper around every export. It catches every exception: one that left it would end the host's process.</summary>
/// <remarks>Thread-safe; allocates nothing of its own unless something fails.</remarks>
internal static unsafe class Boundary
{
    /// <summary>Runs a call and returns its answer.</summary>
    /// <returns>JSON that the C caller frees; NULL when nothing was written, or there is no memory for it.</returns>
    /// <remarks>Never inlined: a stack allocation inside the export itself aborts the process if it is the very first call.</remarks>
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
