using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Events;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A journal in memory that several stores share, without faults. Thread-safe.</summary>
internal sealed class SharedJournal
{
    // How many events are shown of those that happened; a state can be loaded for ever.
    private const int Kept = 8_192;

    private readonly Lock _lock = new();
    private readonly List<JournalBatch> _batches = [];
    private readonly List<Connection> _connections = [];

    private long Head => _batches.Count == 0 ? 0 : _batches[^1].Events[^1].Sequence;

    /// <summary>A store's way to it.</summary>
    /// <param name="fault">What goes wrong with a call; null for nothing ever.</param>
    public IJournal Connect(Func<Fault>? fault = null)
    {
        var connection = new Connection(this, fault ?? (static () => Fault.None));
        lock (_lock)
        {
            _connections.Add(connection);
        }

        return connection;
    }

    /// <summary>All that was appended, in its order.</summary>
    public List<JournalBatch> All()
    {
        lock (_lock)
        {
            return [.. _batches];
        }
    }

    private AppendAnswer Append(JournalBatch batch)
    {
        List<Connection> told;
        lock (_lock)
        {
            if (batch.After != Head)
            {
                return new AppendAnswer(IsAppended: false, Since(batch.After));
            }

            if (batch.Events.Count == 0)
            {
                return AppendAnswer.Appended;
            }

            _batches.Add(batch);
            told = [.. _connections];
        }

        told.ForEach(static each => each.Changed?.Invoke());
        return AppendAnswer.Appended;
    }

    private List<JournalBatch> Since(long after)
    {
        lock (_lock)
        {
            return _batches.FindAll(batch => batch.After >= after);
        }
    }

    private void Leave(Connection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    private sealed class Connection(SharedJournal journal, Func<Fault> fault) : IJournal
    {
        public Action? Changed { get; set; }

        public async Task<long> LoadAsync(IEventSink sink, CancellationToken cancel)
        {
            await FailAsync(fault(), cancel);
            List<JournalBatch> all = journal.All();
            all.ForEach(batch => Pass(batch.Events, sink));
            return all.Count == 0 ? 0 : all[^1].Events[^1].Sequence;
        }

        public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
        {
            Fault wrong = fault();
            await FailAsync(wrong, cancel);
            AppendAnswer answer = journal.Append(batch);
            if (wrong == Fault.Late)
            {
                await Task.Yield();
            }

            return wrong == Fault.AnswerLost ? throw new NoAnswerException("the answer is lost") : answer;
        }

        public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<JournalBatch>?>(journal.Since(after));

        public Task<long> ReadAsync(long after, int limit, IEventSink sink, CancellationToken cancel)
        {
            List<Event> all = [.. journal.All().SelectMany(static batch => batch.Events).TakeLast(Kept)];
            Pass(all.Where(happened => happened.Sequence > after).Take(limit), sink);
            return Task.FromResult(all.Count == 0 ? 0 : all[0].Sequence - 1);
        }

        public void Dispose() => journal.Leave(this);

        private static async Task FailAsync(Fault wrong, CancellationToken cancel)
        {
            if (wrong is Fault.RequestLost)
            {
                throw new NoAnswerException("the request is lost");
            }

            if (wrong is Fault.Late)
            {
                await Task.Delay(1, cancel);
            }
        }

        private static void Pass(IEnumerable<Event> events, IEventSink sink)
        {
            foreach (Event happened in events)
            {
                sink.Append(happened);
            }
        }
    }
}

/// <summary>What goes wrong with a call.</summary>
internal enum Fault
{
    None,
    RequestLost,
    AnswerLost,
    Late,
}
