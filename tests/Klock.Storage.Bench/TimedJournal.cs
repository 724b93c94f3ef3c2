using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Replicated;

namespace Klock.Storage.Bench;

/// <summary>Counts what a store asks of its journal, and takes the time of it.</summary>
internal sealed class TimedJournal(IJournal journal) : ForwardingJournal(journal)
{
    private static readonly TimeProvider _time = TimeProvider.System;

    /// <summary>How many batches were appended.</summary>
    public long Appended { get; private set; }

    /// <summary>How many came too late, so that all in them was decided again.</summary>
    public long Late { get; private set; }

    /// <summary>How long the store waited for answers, flushes included.</summary>
    public TimeSpan Waited { get; private set; }

    public override async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        AppendAnswer answer = await base.AppendAsync(batch, cancel);
        Waited += _time.GetElapsedTime(start);
        Appended += answer.IsAppended ? 1 : 0;
        Late += answer.IsAppended ? 0 : 1;
        return answer;
    }
}
