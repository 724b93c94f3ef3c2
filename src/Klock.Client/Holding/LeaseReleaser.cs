namespace Klock.Client.Holding;

/// <summary>Releases leases, within a time for all of them together (docs/architecture.md, "Holding a lease", 15 to 19).</summary>
internal sealed class LeaseReleaser(IHeldLeases leases, TimeProvider clock, TimeSpan patience)
{
    private readonly long _start = clock.GetTimestamp();

    private TimeSpan Left => patience - clock.GetElapsedTime(_start);

    /// <summary>Releases these; returns the worst of the answers.</summary>
    public LeaseAnswer Release(IEnumerable<string> ids)
    {
        LeaseAnswer worst = LeaseAnswer.Done;
        bool isFirst = true;
        foreach (string id in ids)
        {
            if (!isFirst && Left <= TimeSpan.Zero)
            {
                break;
            }

            isFirst = false;
            LeaseAnswer answer = Release(id);
            worst = worst.Kind is LeaseAnswerKind.Done || answer.Kind is LeaseAnswerKind.Ended ? answer : worst;
        }

        return worst;
    }

    private LeaseAnswer Release(string id)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            using var limit = new CancellationTokenSource(HoldingRules.AtLeastShortest(Left / leases.Servers));
            LeaseAnswer answer = leases.Release(id, limit.Token);
            if (answer.Kind is LeaseAnswerKind.Ended && !isFirst)
            {
                return LeaseAnswer.Done;
            }

            TimeSpan pause = HoldingRules.Retry(leases.Ttl);
            if (answer.Kind is not LeaseAnswerKind.Unavailable || Left <= pause)
            {
                return answer;
            }

            Thread.Sleep(pause);
        }
    }
}
