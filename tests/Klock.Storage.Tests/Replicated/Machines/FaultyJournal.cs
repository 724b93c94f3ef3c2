using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>
/// A journal in memory that loses requests and answers, delivers requests late and twice, and lets others be faster. Everything happens on
/// the caller's thread, as the dice have it. Snapshots are written often, and batches are cut small.
/// </summary>
/// <param name="dice">What decides.</param>
/// <param name="real">The time that no clock shows.</param>
/// <param name="faultPercent">How often something goes wrong.</param>
/// <param name="isSnapshotOld">A planted fault: whoever loads gets a snapshot that lacks the last batch that it stands for.</param>
internal sealed class FaultyJournal(Random dice, Real real, int faultPercent, bool isSnapshotOld = false)
{
    private const int MostEvents = 2;

    // What stays for those who are behind; others have to load the state anew.
    private const int KeptBatches = 64;

    private readonly List<JournalBatch> _batches = [];
    private readonly List<JournalBatch> _onTheirWay = [];
    private JournalSnapshot? _snapshot;

    /// <summary>Called for every batch that gets in, in their order.</summary>
    public Action<JournalBatch> Appended { get; set; } = static _ => { };

    /// <summary>All that got in.</summary>
    public IReadOnlyList<JournalBatch> Batches => _batches;

    /// <summary>From now on nothing goes wrong any more.</summary>
    public bool IsHealed { get; set; }

    private long Head => _batches.Count == 0 ? 0 : _batches[^1].Events[^1].Sequence;

    /// <summary>A machine's way to it.</summary>
    /// <param name="beforeAppend">What others do before an append of this machine arrives.</param>
    /// <param name="isCutOff">Whether nothing gets through.</param>
    public IJournal Connect(Action beforeAppend, Func<bool> isCutOff) => new Connection(this, beforeAppend, isCutOff);

    /// <summary>Requests whose senders gave up long ago arrive.</summary>
    public void DeliverLate()
    {
        while (_onTheirWay.Count > 0 && dice.Next(3) > 0)
        {
            int which = dice.Next(_onTheirWay.Count);
            JournalBatch late = _onTheirWay[which];
            _onTheirWay.RemoveAt(which);
            Append(late);
        }
    }

    private bool Rolls(int oneIn) => dice.Next(oneIn) == 0;

    private Wrong NextFault() => !IsHealed && dice.Next(100) < faultPercent ? (Wrong)dice.Next(1, 5) : Wrong.Nothing;

    private AppendAnswer Append(JournalBatch batch)
    {
        if (batch.After != Head)
        {
            List<JournalBatch>? missed = Since(batch.After);
            return AppendAnswer.Late(Rolls(oneIn: 3) ? missed?.Take(dice.Next(1, 3)).ToList() : missed, Head);
        }

        if (batch.Events.Count > 0)
        {
            if (batch.Before != Last)
            {
                throw new InvalidOperationException($"The batch after {batch.After} names another one before it.");
            }

            JournalBatch stored = batch with { Events = [.. batch.Events.Select(static happened => happened.Brief())] };
            _batches.Add(stored);
            Appended(stored);
        }

        return AppendAnswer.Appended;
    }

    private BatchId Last => _batches.Count == 0 ? default : _batches[^1].Id;

    private List<JournalBatch>? Since(long after) => All(after) is { Count: <= KeptBatches } kept ? kept : null;

    private List<JournalBatch> All(long after)
    {
        int first = _batches.Count;
        while (first > 0 && _batches[first - 1].After >= after)
        {
            first--;
        }

        return _batches[first..];
    }

    private List<JournalBatch> Around(long number, int most)
    {
        List<JournalBatch> kept = _batches[Math.Max(_batches.Count - KeptBatches, 0)..];
        int next = kept.FindIndex(batch => batch.Events[0].Sequence > number) is >= 0 and var found ? found : kept.Count;
        return [.. kept.Skip(next - 1).Take(next > 0 ? most + 1 : most)];
    }

    private JournalState Load()
    {
        List<JournalBatch> after = All(_snapshot?.Head ?? 0);
        return isSnapshotOld && _snapshot is not null && after.Count > 0
            ? new JournalState(Head, _snapshot with { Head = after[0].End.Sequence, Last = after[0].Id }, after[1..], Last)
            : new JournalState(Head, _snapshot, after, Last);
    }

    private void Save(JournalSnapshot snapshot)
    {
        if (snapshot.Head > (_snapshot?.Head ?? 0))
        {
            _snapshot = snapshot;
        }
    }

    private sealed class Connection(FaultyJournal journal, Action beforeAppend, Func<bool> isCutOff) : IJournal
    {
        private const int SilenceMs = 400;

        public Action<HeadMove?>? Changed { get; set; }

        public Action<TurnWish>? Asked { get; set; }

        public bool WantsSnapshot => !journal.IsHealed && journal.Rolls(oneIn: 10);

        public Task<JournalState> LoadAsync(CancellationToken cancel)
        {
            FailWhenCutOff();
            return Task.FromResult(journal.Load());
        }

        public bool Fits(JournalBatch batch) => batch.Events.Count <= MostEvents;

        public Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
        {
            beforeAppend();
            journal.DeliverLate();
            FailWhenCutOff();
            AppendAnswer answer = default;
            switch (journal.NextFault())
            {
                case Wrong.RequestLost:
                    return Silence();
                case Wrong.RequestLate:
                    journal._onTheirWay.Add(batch);
                    return Silence();
                case Wrong.AnswerLost:
                    journal.Append(batch);
                    return Silence();
                case Wrong.Twice:
                    answer = journal.Append(batch);
                    journal._onTheirWay.Add(batch);
                    break;
                default:
                    answer = journal.Append(batch);
                    break;
            }

            return Task.FromResult(answer);
        }

        public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel)
        {
            FailWhenCutOff();
            return Task.FromResult<IReadOnlyList<JournalBatch>?>(journal.Since(after));
        }

        public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel)
        {
            FailWhenCutOff();
            return Task.FromResult<IReadOnlyList<JournalBatch>>(journal.Around(number, most));
        }

        public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel)
        {
            FailWhenCutOff();
            return Task.FromResult(head > (journal._snapshot?.Head ?? 0));
        }

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel)
        {
            Wrong wrong = journal.NextFault();
            if (wrong is not (Wrong.RequestLost or Wrong.RequestLate))
            {
                journal.Save(snapshot);
            }

            return wrong is Wrong.Nothing or Wrong.Twice ? Task.CompletedTask : Silence();
        }

        public void Dispose()
        {
        }

        private void FailWhenCutOff()
        {
            journal.Pass(1);
            if (isCutOff())
            {
                journal.Pass(SilenceMs);
                throw new NoAnswerException("cut off");
            }
        }

        private Task<AppendAnswer> Silence()
        {
            journal.Pass(SilenceMs);
            return Task.FromException<AppendAnswer>(new NoAnswerException("no answer"));
        }
    }

    private void Pass(int ms) => real.NowUs += ms * 1_000L;

    private enum Wrong
    {
        Nothing,
        RequestLost,
        RequestLate,
        AnswerLost,
        Twice,
    }
}
