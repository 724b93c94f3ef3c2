using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>
/// Writers that always have something to append, in time that is under control and on one thread, so that every run is the same. One is
/// beside the journal's leader; the others have a longer way.
/// </summary>
public sealed class TakingTurnsTests
{
    private const int Steps = 20_000;

    // In whole ms: a delay is not more exact.
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _toHear = _step;
    private static readonly TimeSpan _toDecide = _step;
    private static readonly TimeSpan[] _ways = [2 * _step, 3 * _step, 3 * _step];

    // To the last one it is farther than the head stays where it is.
    private static readonly TimeSpan[] _farWays = [1 * _step, 2 * _step, 8 * _step];

    private readonly FakeTimeProvider _clock = new();
    private Writer[] _writers = [];
    private long _head;
    private bool _isOver;
    private bool _doAsk = true;

    [Fact]
    public void Each_gets_a_third_and_hardly_any_append_comes_too_late()
    {
        (double late, double least) = Run(_ways, isPolite: true);
        Assert.InRange(late, 0, 0.05);
        Assert.InRange(least, 0.32, 0.34);
    }

    [Fact]
    public void So_it_is_for_one_that_is_far_away_and_comes_last()
    {
        (double late, double least) = Run(_farWays, isPolite: true);
        Assert.InRange(late, 0, 0.05);
        Assert.InRange(least, 0.3, 0.34);
    }

    [Fact]
    public void Who_is_far_away_and_does_not_ask_for_its_turn_gets_none()
    {
        _doAsk = false;
        (_, double least) = Run(_farWays, isPolite: true);
        Assert.InRange(least, 0, 0.001);
    }

    [Fact]
    public void Without_politeness_most_come_too_late_and_the_nearest_gets_the_most()
    {
        (double late, double least) = Run(_ways, isPolite: false);
        Assert.InRange(late, 0.3, 1);
        Assert.InRange(least, 0, 0.2);
    }

    // What part of the appends came too late, and what part of the others is of the writer that has the fewest.
    private (double Late, double Least) Run(TimeSpan[] ways, bool isPolite)
    {
        _writers = [.. ways.Select((way, i) => new Writer(new LeaseId((UInt128)(i + 1)), way, new Politeness(_clock)))];
        SynchronizationContext? before = SynchronizationContext.Current;
        var thread = new OneThread();
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            Task[] writing = [.. _writers.Select(writer => WriteAsync(writer, isPolite))];
            for (int step = 0; step < 2 * Steps && !Array.TrueForAll(writing, static task => task.IsCompleted); step++)
            {
                _isOver = step >= Steps;
                thread.RunAll();
                _clock.Advance(_step);
            }

            Assert.All(writing, static task => Assert.Equal(TaskStatus.RanToCompletion, task.Status));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        int appended = _writers.Sum(static writer => writer.Appended), late = _writers.Sum(static writer => writer.Late);
        return ((double)late / (appended + late), (double)_writers.Min(static writer => writer.Appended) / appended);
    }

    private async Task WriteAsync(Writer writer, bool isPolite)
    {
        while (!_isOver)
        {
            if (isPolite)
            {
                await writer.Politeness.GiveWayAsync();
            }

            await Task.Delay(_toDecide, _clock);
            (long sent, long known) = (_clock.GetTimestamp(), writer.Known);
            await Task.Delay(writer.Way, _clock);
            bool isFirst = known == _head;
            if (isFirst)
            {
                TellOthers(new HeadMove(writer.Id, ++_head));
            }

            else if (_doAsk)
            {
                TellOthers(new TurnWish(writer.Id, writer.Politeness.Usual));
            }

            long head = _head;
            await Task.Delay(writer.Way, _clock);
            writer.Known = Math.Max(writer.Known, head);
            if (isFirst)
            {
                writer.Appended++;
                writer.Politeness.Appended(head, _clock.GetElapsedTime(sent));
            }
            else
            {
                writer.Late++;
                writer.Politeness.Late(_clock.GetElapsedTime(sent));
            }
        }
    }

    private void TellOthers(HeadMove moved)
    {
        foreach (Writer other in _writers.Where(each => each.Id != moved.Writer))
        {
            _ = TellAsync(other, moved);
        }
    }

    private void TellOthers(TurnWish wish)
    {
        foreach (Writer other in _writers.Where(each => each.Id != wish.Writer))
        {
            _ = TellAsync(other, wish);
        }
    }

    private async Task TellAsync(Writer other, TurnWish wish)
    {
        await Task.Delay(_toHear, _clock);
        other.Politeness.Asked(wish);
    }

    private async Task TellAsync(Writer other, HeadMove moved)
    {
        await Task.Delay(_toHear, _clock);
        other.Known = Math.Max(other.Known, moved.Sequence);
        other.Politeness.Saw(moved);
    }

    private sealed class Writer(LeaseId id, TimeSpan way, Politeness politeness)
    {
        public LeaseId Id => id;

        public TimeSpan Way => way;

        public Politeness Politeness => politeness;

        public long Known { get; set; }

        public int Appended { get; set; }

        public int Late { get; set; }
    }

    private sealed class OneThread : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void RunAll()
        {
            while (_posted.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            {
                next.Callback(next.State);
            }
        }
    }
}
