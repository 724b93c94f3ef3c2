using System.Threading.Channels;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>State that many stores share through a journal, each with a replica of its own.</summary>
/// <remarks>
/// One task runs everything: it gathers the commands that are there and has them decided (<see cref="Decider"/>). When anything fails the
/// replica is dropped, since it may have what the journal has not, and the next command loads it again. Only where others were faster for
/// too long it is known to be right.
/// </remarks>
internal sealed class ReplicatedStore : IStore
{
    // Bounds how large a batch can get, and how much is decided again when others are faster.
    private const int MostInABatch = 256;

    private const int MostQueued = 4_096;

    // Well within LeaseTable.WaitKeepAliveMs, so that one slow append does not cost a place in the queue.
    private static readonly TimeSpan _keepAliveEvery = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan _pollEvery = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ReplicaClock _clock;
    private readonly ShownEvents _shown = new();
    private readonly Politeness _politeness = new(TimeProvider.System);
    private readonly Decider _decider;
    private readonly Channel<Turn?> _turns = Channel.CreateBounded<Turn?>(MostQueued);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;
    private long _keptAliveAt;
    private long _nextDueMs;
    private long _heard;
    private bool _isLate;
    private bool _isClosed;

    /// <summary>Opens the journal, and begins it when it is empty.</summary>
    /// <param name="journal">The journal; owned from now on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this store waits and writes: 128 random bits.</param>
    /// <param name="acceptsRestore">Whether the state that is found is gone on with although it is an earlier one than there was: then the
    /// numbers of its events continue above all that may have been given.</param>
    /// <param name="network">The time in which the journal answers, where that is not the real one.</param>
    public ReplicatedStore(
        IJournal journal, TimeProvider time, LeaseId ownerId, bool acceptsRestore = false, TimeProvider? network = null)
    {
        _journal = journal;
        _time = time;
        Waits = new LocalWaits(ownerId);
        _clock = new ReplicaClock(time);
        _decider = new Decider(journal, Waits, _shown, _clock, time, network ?? TimeProvider.System, _politeness)
        {
            JumpsFirst = acceptsRestore,
        };
        journal.Changed = Hear;
        journal.Asked = wish =>
        {
            if (wish.Writer != ownerId)
            {
                _politeness.Asked(wish);
            }
        };
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public LocalWaits Waits { get; }

    /// <inheritdoc />
    public StoreRoom? Room => _journal.Room;

    /// <inheritdoc />
    public void Execute(IStoreCommand command) => ExecuteAsync(command).GetAwaiter().GetResult();

    /// <inheritdoc />
    public void Read(IStoreCommand reading) => Execute(new Reading(reading));

    /// <inheritdoc />
    public Task ReadAsync(IStoreCommand reading) => ExecuteAsync(new Reading(reading));

    /// <inheritdoc />
    public Task ExecuteAsync(IStoreCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (Volatile.Read(ref _isLate))
        {
            throw Silent();
        }

        var turn = new Turn(command);
        return _turns.Writer.TryWrite(turn) ? turn.Done : throw WhyNotTaken();
    }

    /// <inheritdoc />
    public void Tick()
    {
        if (Volatile.Read(ref _isClosed))
        {
            return;
        }

        bool keepsAlive = !Waits.IsEmpty && _time.GetElapsedTime(Volatile.Read(ref _keptAliveAt)) >= _keepAliveEvery;
        if (keepsAlive)
        {
            Execute(new KeepWaitsAlive());
            Volatile.Write(ref _keptAliveAt, _time.GetTimestamp());
        }
        else if (Volatile.Read(ref _nextDueMs) <= _clock.NowMs)
        {
            Execute(new DoWhatIsDue());
        }
    }

    /// <inheritdoc />
    public TimeSpan UntilNextTick(bool isWoken)
    {
        long dueInMs = Volatile.Read(ref _nextDueMs) - _clock.NowMs;
        return dueInMs >= _pollEvery.TotalMilliseconds ? _pollEvery : TimeSpan.FromMilliseconds(Math.Max(dueInMs, 0));
    }

    /// <inheritdoc />
    public Task SettleEventsAsync() => ExecuteAsync(new TellRefusals());

    /// <inheritdoc />
    public long ReadEvents(long after, int limit, IEventSink sink) => _shown.Read(after, limit, sink);

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        if (!Waits.IsEmpty)
        {
            var last = new Turn(new CloseWaits());
            if (_turns.Writer.TryWrite(last))
            {
                _ = Task.WhenAny(last.Done, Task.Delay(_pollEvery)).GetAwaiter().GetResult();
            }
        }

        // What is under way is told as it ends: nobody could release a lease whose grant was not told.
        _turns.Writer.TryComplete();
        if (!_running.Wait(_pollEvery))
        {
            _closing.Cancel();
            _running.GetAwaiter().GetResult();
        }

        Waits.CloseAll();
        _journal.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Turn>();
        while (await _turns.Reader.WaitToReadAsync())
        {
            // What comes meanwhile goes into the same batch.
            await _politeness.GiveWayAsync();
            Gather(batch);
            try
            {
                await FollowAsync(Interlocked.Exchange(ref _heard, 0), batch);

                while (batch.Count > 0)
                {
                    await _politeness.GiveWayAsync();
                    int decided = await _decider.DecideAsync(
                        [.. batch.Select(static turn => turn.Command)], () => TellLate(batch), _closing.Token);
                    batch.Take(decided).ToList().ForEach(static turn => turn.Complete());
                    batch.RemoveRange(0, decided);
                }

                await _decider.FreeRestAsync(() => TellLate(batch), _closing.Token);
                Volatile.Write(ref _nextDueMs, _decider.NextOwnDueMs);
                await _decider.SaveIfWantedAsync(_closing.Token);
            }
            catch (Exception failure)
            {
                if (failure is not OthersFasterException)
                {
                    _decider.Drop();
                }

                Volatile.Write(ref _nextDueMs, _decider.NextOwnDueMs);
                TellOf(failure, batch);
            }

            Volatile.Write(ref _isLate, false);
            batch.Clear();
        }

        await _decider.Saving;
    }

    // As far as was heard: what is read at once need not be all. Nothing is decided without an answer that was not there for following
    // either. The state is as it was.
    private async Task FollowAsync(long heard, List<Turn> batch)
    {
        try
        {
            for (long before = -1; heard > _decider.Head && _decider.Head != before;)
            {
                before = _decider.Head;
                await _decider.FollowAsync(_closing.Token);
            }
        }
        catch (NoAnswerException silent)
        {
            TellOf(silent, batch);
            batch.Clear();
        }
    }

    private void TellOf(Exception failure, List<Turn> batch)
    {
        Exception told = Told(failure);
        batch.ForEach(turn => turn.Fail(told));
        if (failure is NoAnswerException)
        {
            FailThoseThatCameMeanwhile(told);
        }

        Waits.GiveUp(_clock.RunningMs);
    }

    private void Gather(List<Turn> batch)
    {
        while (batch.Count < MostInABatch && _turns.Reader.TryRead(out Turn? turn))
        {
            if (turn is not null)
            {
                batch.Add(turn);
            }
        }
    }

    private void Hear(HeadMove? moved)
    {
        if (moved is { } known)
        {
            if (known.Writer == Waits.OwnerId)
            {
                return;
            }

            _politeness.Saw(known);
        }

        // null: there may be something to follow.
        if (Interlocked.Exchange(ref _heard, moved?.Sequence ?? long.MaxValue) == 0)
        {
            _turns.Writer.TryWrite(null);
        }
    }

    // They have waited as long as one waits for a journal that does not answer.
    private void FailThoseThatCameMeanwhile(Exception told)
    {
        while (_turns.Reader.TryRead(out Turn? turn))
        {
            if (turn is null)
            {
                // Else nothing that is heard later would wake it.
                Volatile.Write(ref _heard, 0);
            }

            turn?.Fail(told);
        }
    }

    // They are told soon, and what was decided may still be appended; their request ids settle it.
    private void TellLate(List<Turn> batch)
    {
        Volatile.Write(ref _isLate, true);
        var late = new KlockException(
            ErrorCode.StorageUnavailable, "The store does not answer, and what was asked for may or may not have happened.");
        batch.ForEach(turn => turn.Fail(late));
        FailThoseThatCameMeanwhile(Silent());
        Waits.GiveUp(_clock.RunningMs);
    }

    private static KlockException Silent() =>
        new(ErrorCode.StorageUnavailable, "The store does not answer: nothing was granted or changed.");

    private KlockException WhyNotTaken() => Volatile.Read(ref _isClosed)
        ? new KlockException(ErrorCode.Closed, "The store is closed.")
        : new KlockException(
            ErrorCode.StorageUnavailable, $"{MostQueued} requests wait for the store, which is the most: try again.");

    private Exception Told(Exception failure) => failure is OperationCanceledException && Volatile.Read(ref _isClosed)
        ? new KlockException(ErrorCode.Closed, "The store is closed, and what was asked for may or may not have happened.")
        : Decider.Told(failure);
}
