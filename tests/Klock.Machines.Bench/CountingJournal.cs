using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Replicated;

namespace Klock.Machines.Bench;

/// <summary>Counts what is asked of a journal.</summary>
internal sealed class CountingJournal(IJournal journal) : ForwardingJournal(journal)
{
    /// <summary>How many appends there were.</summary>
    public int Appends { get; private set; }

    /// <summary>How many of them came too late.</summary>
    public int Late { get; private set; }

    /// <summary>How often batches of others were read without an append.</summary>
    public int Fetches { get; private set; }

    /// <summary>The last batch with events that was appended.</summary>
    public JournalBatch? Last { get; private set; }

    public override async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        AppendAnswer answer = await base.AppendAsync(batch, cancel);
        Appends++;
        if (!answer.IsAppended)
        {
            Late++;
        }
        else if (batch.Events.Count > 0)
        {
            Last = batch;
        }

        return answer;
    }

    public override Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel)
    {
        Fetches++;
        return base.FetchAsync(after, cancel);
    }
}
