using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Decides commands on a replica, and has the journal take what was decided.</summary>
/// <remarks>
/// If the journal has moved on meanwhile, the decision is taken back, what was missed is followed, and the commands are decided again.
/// Nothing is told before it stands: an answer without events only when an append of nothing has shown that nothing was missed.
/// Not thread-safe: one call at a time. When one fails, <see cref="Drop"/> comes before the next.
/// </remarks>
/// <param name="journal">The journal.</param>
/// <param name="waits">What waits here.</param>
/// <param name="clock">The store's clock.</param>
/// <param name="time">The wall clock.</param>
/// <param name="network">The time in which the journal's answers come; see <see cref="Appender"/>.</param>
internal sealed class Decider(IJournal journal, LocalWaits waits, ReplicaClock clock, TimeProvider time, TimeProvider network)
{
    private readonly Replica _replica = new(waits, clock);
    private readonly Appender _appender = new(journal, clock, network);
    private long _batches;

    /// <summary>When something may happen by itself, in ms since 1970 of this store's clock: now, when nothing is loaded.</summary>
    public long NextDueMs => _replica.NextDueMs;

    /// <summary>Decides commands in their order. When it returns, their answers may be given.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="isLate">Called whenever the journal has not answered in its time. Then the callers are told that nobody knows what
    /// became of it, and from then on no command is run any more.</param>
    /// <param name="cancel">The store is closed.</param>
    /// <exception cref="KlockException">What was decided does not stand, or that is not known.</exception>
    public async Task DecideAsync(IReadOnlyList<IStoreCommand> commands, Action isLate, CancellationToken cancel)
    {
        bool wasLate = false;
        while (!wasLate)
        {
            await EnsureLoadedAsync(NoteLate, cancel);
            _replica.Decide(commands);
            if (_replica.Decided.Count == 0 && commands.All(static command => command is DoWhatIsDue))
            {
                _replica.Keep();
                return;
            }

            AppendAnswer answer = await _appender.AppendAsync(NextBatch(_replica.Head, [.. _replica.Decided]), NoteLate, cancel);
            if (answer.IsAppended)
            {
                _replica.Keep();
                _replica.Follow(answer.Missed!);
                return;
            }

            // Whoever was told that it is late has gone, and must not be answered any more: then nothing is decided again.
            _replica.TakeBack();
            Follow(answer.Missed);
        }

        void NoteLate()
        {
            wasLate = true;
            isLate();
        }
    }

    /// <summary>Follows what others have decided, as far as that can be known without proof that it is all.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        if (_replica.IsLoaded)
        {
            Follow(await journal.FetchAsync(_replica.Head, cancel));
        }
    }

    /// <summary>What callers are told of a failure: of one of the journal in words, of any other as it is.</summary>
    public static Exception Told(Exception failure) => failure is IOException or InvalidDataException or OperationCanceledException
        ? new KlockException(
            ErrorCode.StorageUnavailable, $"The store failed, and nothing was granted or changed: {failure.Message.TrimEnd('.')}.", failure)
        : failure;

    /// <summary>Forgets the state: it may have what the journal has not.</summary>
    public void Drop() => _replica.Drop();

    private void Follow(IReadOnlyList<JournalBatch>? missed)
    {
        if (missed is null)
        {
            _replica.Drop();
        }
        else if (_replica.IsLoaded)
        {
            _replica.Follow(missed);
        }
    }

    private async Task EnsureLoadedAsync(Action isLate, CancellationToken cancel)
    {
        while (!_replica.IsLoaded)
        {
            var state = new List<Event>();
            long head = await journal.LoadAsync(new Gatherer(state), cancel);
            if (head > 0)
            {
                _replica.Load(head, state);
                return;
            }

            DateTimeOffset now = time.GetUtcNow();
            var created = new Event
            {
                Sequence = FencingTokens.Start(now), Kind = EventKind.Created, AtMs = now.ToUnixTimeMilliseconds(),
            };
            await _appender.AppendAsync(NextBatch(after: 0, [created]), isLate, cancel);
        }
    }

    private JournalBatch NextBatch(long after, IReadOnlyList<Event> events) =>
        new(new BatchId(waits.OwnerId, ++_batches), after, events);

    private sealed class Gatherer(List<Event> events) : IEventSink
    {
        public void Append(in Event happened) => events.Add(happened);
    }
}
