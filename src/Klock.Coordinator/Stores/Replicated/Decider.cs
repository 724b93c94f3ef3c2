using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Decides commands on a replica, and has the journal take what was decided.</summary>
/// <remarks>
/// If the journal has moved on meanwhile, the decision is taken back, what was missed is followed, and the commands are decided again.
/// Nothing is told before it stands: an answer without events only when the journal has shown, since it was asked for, that nothing was
/// missed, or what was.
/// Not thread-safe: one call at a time. When one fails, <see cref="Drop"/> comes before the next.
/// </remarks>
/// <param name="journal">The journal.</param>
/// <param name="waits">What waits here.</param>
/// <param name="shown">Gets every event that stands.</param>
/// <param name="clock">The store's clock.</param>
/// <param name="time">The wall clock.</param>
/// <param name="network">The time in which the journal's answers come; see <see cref="Appender"/>.</param>
/// <param name="politeness">Told of every append.</param>
internal sealed class Decider(
    IJournal journal, LocalWaits waits, ShownEvents shown, ReplicaClock clock, TimeProvider time, TimeProvider network,
    Politeness politeness)
{
    private readonly Replica _replica = new(waits, clock, shown);
    private readonly Appender _appender = new(journal, clock, network);
    private readonly KnownHistory _history = new(journal);
    private long _batches;
    private long? _behindSince;

    /// <summary>Whether the numbers of events are still to continue above all that may have been given.</summary>
    public bool JumpsFirst { get; set; }

    /// <summary>Ends when no snapshot is being written.</summary>
    public Task Saving { get; private set; } = Task.CompletedTask;

    /// <summary>The number of the last event that is known; 0 when nothing is loaded.</summary>
    public long Head => _replica.IsLoaded ? _replica.Head : 0;

    /// <summary>When this store should do by itself what is due, in ms since 1970 of its clock: now, when nothing is loaded.</summary>
    public long NextOwnDueMs => _replica.NextOwnDueMs;

    /// <summary>Decides commands in their order, as many as fit into one batch. When it returns, their answers may be given.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="isLate">Called whenever the journal has not answered in its time. Then the callers of all are told that nobody knows
    /// what became of it, and from then on no command is run any more.</param>
    /// <param name="cancel">The store is closed.</param>
    /// <returns>How many were decided, from the first; all when their callers were told that it is late.</returns>
    /// <exception cref="KlockException">What was decided does not stand, or that is not known.</exception>
    /// <exception cref="OthersFasterException">Nothing was decided, and the state need not be forgotten.</exception>
    public Task<int> DecideAsync(IReadOnlyList<IStoreCommand> commands, Action isLate, CancellationToken cancel) =>
        DecideAsync(new Portion(commands), commands.Count, isLate, cancel);

    private async Task<int> DecideAsync(Portion portion, int all, Action isLate, CancellationToken cancel)
    {
        bool wasLate = false, isCurrent = false;
        _behindSince = null;
        while (!wasLate)
        {
            // What is loaded anew is to be proved again.
            isCurrent &= _replica.IsLoaded;
            await EnsureLoadedAsync(NoteLate, cancel);
            if (wasLate)
            {
                break;
            }

            bool mayBeDue = _replica.NextDueMs <= clock.NowMs || _replica.HasToJudge;
            _replica.FreesAtMost = portion.FreesAtMost;
            _replica.Decide(portion.Commands);
            JournalBatch batch = NextBatch(_replica.At, [.. _replica.Decided]);
            if (batch.Events.Count == 0 && portion.IsWhatIsDue)
            {
                _replica.Keep(batch);
                portion.NothingIsDue();
                continue;
            }

            if (batch.Events.Count == 0
                && (isCurrent || portion.Commands.All(static command => command is DoWhatIsDue or DoSomeOfWhatIsDue)))
            {
                _replica.Keep(batch);
                return portion.Commands.Count;
            }

            if (!journal.Fits(batch) && portion.TryLess(mayBeDue))
            {
                _replica.TakeBack();
                continue;
            }

            AppendAnswer answer = await AppendAsync(batch, NoteLate, cancel);
            isCurrent = answer is { Missed: not null, IsAll: true };
            if (answer.IsAppended)
            {
                _replica.Keep(batch);
                Follow(answer.Missed);
                if (!portion.IsWhatIsDue)
                {
                    return wasLate ? all : portion.Commands.Count;
                }

                portion.IsDone(isMore: _replica.HasMoreToFree);
                _behindSince = null;
                await politeness.GiveWayAsync();
                continue;
            }

            // Whoever was told that it is late has gone, and must not be answered any more: then nothing is decided again.
            _replica.TakeBack();
            Follow(answer.Missed);
            portion.StateChanged();
            NoteBehind();
        }

        return all;

        void NoteLate()
        {
            wasLate = true;
            isLate();
        }
    }

    /// <summary>Grants the rest of those whom the last commands have freed, in as many batches as that takes.</summary>
    /// <param name="isLate">As above.</param>
    /// <param name="cancel">The store is closed.</param>
    public async Task FreeRestAsync(Action isLate, CancellationToken cancel)
    {
        bool wasLate = false;
        while (_replica.HasMoreToFree && !wasLate)
        {
            await politeness.GiveWayAsync();
            await DecideAsync(Portion.OfWhatIsDue(), all: 1, NoteLate, cancel);
        }

        void NoteLate()
        {
            wasLate = true;
            isLate();
        }
    }

    /// <summary>Begins to write a snapshot, when the journal wants one and nobody else writes it.</summary>
    public async Task SaveIfWantedAsync(CancellationToken cancel)
    {
        if (!_replica.IsLoaded || !journal.WantsSnapshot || !Saving.IsCompleted)
        {
            return;
        }

        try
        {
            if (await journal.ClaimSnapshotAsync(_replica.Head, cancel))
            {
                Saving = SaveAsync(_replica.TakeSnapshot(), cancel);
            }
        }
        catch (Exception failed) when (failed is IOException or InvalidDataException)
        {
            // The journal has all that is in it. A later one is as good.
        }
    }

    /// <summary>Follows what others have decided, as far as that can be known without proof that it is all.</summary>
    /// <exception cref="NoAnswerException">The journal does not answer.</exception>
    public async Task FollowAsync(CancellationToken cancel)
    {
        if (_replica.IsLoaded)
        {
            Follow(await journal.FetchAsync(_replica.Head, cancel));
        }
    }

    /// <summary>What callers are told of a failure: of one of the journal in words, of any other as it is.</summary>
    public static Exception Told(Exception failure) => failure switch
    {
        IOException or InvalidDataException or OperationCanceledException => new KlockException(
            ErrorCode.StorageUnavailable, $"The store failed, and nothing was granted or changed: {failure.Message.TrimEnd('.')}.",
            failure),
        OthersFasterException => new KlockException(ErrorCode.StorageUnavailable, failure.Message, failure),
        _ => failure,
    };

    /// <summary>Forgets the state: it may have what the journal has not.</summary>
    public void Drop()
    {
        if (_replica.IsLoaded)
        {
            _history.Note(_replica.At);
        }

        _replica.Drop();
    }

    private async Task<AppendAnswer> AppendAsync(JournalBatch batch, Action isLate, CancellationToken cancel)
    {
        long start = network.GetTimestamp();
        AppendAnswer answer = await _appender.AppendAsync(batch, isLate, cancel);
        if (answer.IsAppended && batch.Events.Count > 0)
        {
            politeness.Appended(batch.Events[^1].Sequence, network.GetElapsedTime(start));
        }
        else if (batch.Events.Count > 0)
        {
            politeness.Late(network.GetElapsedTime(start));
        }

        return answer;
    }

    // Busy stores that take turns were behind six times at the most, and those that do not 77 times. In so long a time there are thousands
    // of appends, and on a slow network as many as that. Whoever asks waits as long for a journal that is silent.
    private void NoteBehind()
    {
        _behindSince ??= network.GetTimestamp();
        if (network.GetElapsedTime(_behindSince.Value) > Appender.Longest)
        {
            throw new OthersFasterException();
        }
    }

    private void Follow(IReadOnlyList<JournalBatch>? missed)
    {
        if (missed is null || !_replica.MayFollow(missed))
        {
            Drop();
        }
        else if (_replica.IsLoaded)
        {
            _replica.Follow(missed);
        }
    }

    private async Task SaveAsync(JournalSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            await journal.SaveSnapshotAsync(snapshot, cancel);
        }
        catch (Exception)
        {
            // As above, whatever it was; and what was written of it is found by whoever writes the next one.
        }
    }

    private async Task EnsureLoadedAsync(Action isLate, CancellationToken cancel)
    {
        while (!_replica.IsLoaded)
        {
            await _history.EnsureAsync(cancel);
            JournalState state = await journal.LoadAsync(cancel);
            if (state.Head > 0 && !JumpsFirst)
            {
                // Once more: a process can be paused for long in between, and the first time spares the reading of what is refused.
                await _history.EnsureAsync(cancel);
                _replica.Load(state);
                return;
            }

            DateTimeOffset now = time.GetUtcNow();
            var first = new Event
            {
                Sequence = FencingTokens.Above(state.Head, now), Kind = state.Head == 0 ? EventKind.Created : EventKind.Resumed,
                AtMs = now.ToUnixTimeMilliseconds(),
            };
            AppendAnswer answer = await _appender.AppendAsync(NextBatch(new JournalHead(state.Head, state.Last), [first]), isLate, cancel);
            JumpsFirst &= !answer.IsAppended;
            if (!answer.IsAppended)
            {
                NoteBehind();
            }
        }
    }

    private JournalBatch NextBatch(JournalHead at, IReadOnlyList<Event> events) =>
        new(new BatchId(waits.OwnerId, ++_batches), at.Sequence, events) { Before = at.Last, Usual = politeness.Usual };
}
