using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>Whether a journal tells the others of a store that came too late, and asks to be let go first.</summary>
internal static class Wishes
{
    private static readonly TimeSpan _usual = TimeSpan.FromMilliseconds(7);

    /// <param name="one">A way to a journal.</param>
    /// <param name="other">Another to the same.</param>
    /// <param name="another">What has something appended to it by somebody else.</param>
    public static async Task AreHeardAsync(IJournal one, IJournal other, Action another)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var heard = new List<TurnWish>();
        int listening = 0;
        other.Asked = wish =>
        {
            lock (heard)
            {
                heard.Add(wish);
            }
        };
        other.Changed = moved => Interlocked.CompareExchange(ref listening, 1, 0);
        await other.LoadAsync(cancel);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref listening) > 0, 20_000), "it does not listen");
        long seen = (await one.LoadAsync(cancel)).Head;
        another();
        var writer = new LeaseId(((UInt128)1 << 100) + 2);
        var late = new Event { Sequence = seen + 1, Kind = EventKind.Resumed, AtMs = 0 };

        // Who only wants to know has nothing to be let go first with.
        AppendAnswer nothing = await one.AppendAsync(new JournalBatch(new BatchId(writer, 1), seen, []) { Usual = _usual }, cancel);
        AppendAnswer answer = await one.AppendAsync(new JournalBatch(new BatchId(writer, 2), seen, [late]) { Usual = _usual }, cancel);
        Assert.Equal((false, true), (nothing.IsAppended, nothing.IsAll));
        Assert.Equal((false, true), (answer.IsAppended, answer.IsAll));
        Assert.True(SpinWait.SpinUntil(() => heard.Count > 0, 20_000), "nobody was told");
        Assert.Equal([new TurnWish(writer, _usual)], heard);
    }
}
