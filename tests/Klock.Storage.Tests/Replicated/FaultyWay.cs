using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A way to a journal that is long, or on which calls are lost.</summary>
/// <param name="journal">The journal; owned.</param>
/// <param name="fault">What goes wrong with a call.</param>
/// <param name="delay">How long an append is on its way, and as long its answer; null for no time.</param>
internal sealed class FaultyWay(IJournal journal, Func<Fault> fault, TimeSpan? delay) : ForwardingJournal(journal)
{
    public override async Task<JournalState> LoadAsync(CancellationToken cancel)
    {
        await FailAsync(fault(), cancel);
        return await base.LoadAsync(cancel);
    }

    public override async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        Fault wrong = fault();
        await FailAsync(wrong, cancel);
        await TravelAsync(cancel);
        AppendAnswer answer = await base.AppendAsync(batch, cancel);
        await TravelAsync(cancel);
        if (wrong == Fault.Late)
        {
            await Task.Yield();
        }

        return wrong == Fault.AnswerLost ? throw new NoAnswerException("the answer is lost") : answer;
    }

    private Task TravelAsync(CancellationToken cancel) => delay is { } way ? Task.Delay(way, cancel) : Task.CompletedTask;

    private static async Task FailAsync(Fault wrong, CancellationToken cancel)
    {
        if (wrong is Fault.RequestLost)
        {
            throw new NoAnswerException("the request is lost");
        }

        if (wrong is Fault.Refused)
        {
            throw new IOException("the journal refuses");
        }

        if (wrong is Fault.Late)
        {
            await Task.Delay(1, cancel);
        }
    }
}

/// <summary>What goes wrong with a call.</summary>
internal enum Fault
{
    None,
    RequestLost,
    AnswerLost,
    Refused,
    Late,
}
