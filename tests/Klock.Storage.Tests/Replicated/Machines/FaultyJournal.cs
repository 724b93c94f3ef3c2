using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Events;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>
/// A journal in memory that loses requests and answers, delivers requests late and twice, and lets others be faster. Everything happens on
/// the caller's thread, as the dice have it.
/// </summary>
internal sealed class FaultyJournal(Random dice, Real real, int faultPercent)
{
    // What stays for those who are behind; others have to load the state anew.
    private const int KeptBatches = 64;

    private readonly List<JournalBatch> _batches = [];
    private readonly List<JournalBatch> _onTheirWay = [];

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

    private Wrong NextFault() => !IsHealed && dice.Next(100) < faultPercent ? (Wrong)dice.Next(1, 5) : Wrong.Nothing;

    private AppendAnswer Append(JournalBatch batch)
    {
        if (batch.After != Head)
        {
            return new AppendAnswer(IsAppended: false, Since(batch.After));
        }

        if (batch.Events.Count > 0)
        {
            _batches.Add(batch);
            Appended(batch);
        }

        return AppendAnswer.Appended;
    }

    private IReadOnlyList<JournalBatch>? Since(long after)
    {
        int first = _batches.Count;
        while (first > 0 && _batches[first - 1].After >= after)
        {
            first--;
        }

        return _batches.Count - first > KeptBatches ? null : _batches[first..];
    }

    private sealed class Connection(FaultyJournal journal, Action beforeAppend, Func<bool> isCutOff) : IJournal
    {
        private const int SilenceMs = 400;

        public Action? Changed { get; set; }

        public Task<long> LoadAsync(IEventSink sink, CancellationToken cancel)
        {
            FailWhenCutOff();
            foreach (Event happened in journal._batches.SelectMany(static batch => batch.Events))
            {
                sink.Append(happened);
            }

            return Task.FromResult(journal.Head);
        }

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
            return Task.FromResult(journal.Since(after));
        }

        public Task<long> ReadAsync(long after, int limit, IEventSink sink, CancellationToken cancel) => throw new NotSupportedException();

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
