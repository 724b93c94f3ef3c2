using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Native.Testing;

/// <summary>The work of the exports of the test flavour, each inside <see cref="Boundary"/>.</summary>
internal static class TestRequests
{
    private static readonly Dictionary<ulong, TestClock> Clocks = [];

    /// <summary>Like <see cref="Requests.Open"/>, with a clock that stands still and ids that follow from a seed.</summary>
    public static void Open(ref Call call, Reply reply)
    {
        OpenOptions options = OpenOptions.Parse(call.Text.OrEmptyObject);
        TestOptions test = TestOptions.Parse(call.Text.OrEmptyObject);
        var clock = new TestClock(test.NowMs);
        call.Handle = Handles.Add(LocalStores.Open(options.Storage, clock, new SeededIds(test.Seed)));
        lock (Clocks)
        {
            Clocks.Add(call.Handle, clock);
        }
    }

    /// <summary>Sets the clock of a handle that <see cref="Open"/> returned; any other handle is ignored.</summary>
    public static void SetNow(ulong handle, long nowMs)
    {
        lock (Clocks)
        {
            if (Clocks.TryGetValue(handle, out TestClock? clock))
            {
                clock.NowMs = nowMs;
            }
        }
    }

    /// <summary>Like <see cref="Requests.Execute"/>, with an echo instead of the work.</summary>
    public static void EchoBack(ref Call call, Reply reply)
    {
        if (Handles.Find(call.Handle) is null)
        {
            Answers.WriteError(reply, ErrorCode.Closed, "The handle is not open.");
        }
        else
        {
            Echo.Write(call.Text.OrEmptyObject, reply.Writer);
        }
    }
}
