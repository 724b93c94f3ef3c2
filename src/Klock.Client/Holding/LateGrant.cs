namespace Klock.Client.Holding;

/// <summary>
/// Takes up a grant before anybody relies on it: one whose answer came so late that nobody knows how much of its time is over is renewed
/// first (docs/architecture.md, "Holding a lease", 9).
/// </summary>
public static class LateGrant
{
    /// <summary>Renews it if it is late.</summary>
    /// <param name="leases">What was granted. When it is not done it is given back.</param>
    /// <param name="clock">By which it is counted.</param>
    /// <param name="sentAt">When the request was sent that got it, or now renewed it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up; it is given back.</exception>
    public static LeaseAnswer TakeUp(IHeldLeases leases, TimeProvider clock, ref long sentAt, CancellationToken cancel)
    {
        if (clock.GetElapsedTime(sentAt) < HoldingRules.Renewal(leases.Ttl))
        {
            return LeaseAnswer.Done;
        }

        var renewer = new LeaseRenewer(leases);
        bool isDone = false;
        try
        {
            LeaseAnswer answer = TryToRenew(renewer, leases.Ttl, clock, ref sentAt, cancel);
            isDone = answer.Kind is LeaseAnswerKind.Done;
            return answer;
        }
        finally
        {
            if (!isDone)
            {
                new LeaseReleaser(leases, clock, HoldingRules.ReleasePatience).Release(renewer.Living);
            }
        }
    }

    private static LeaseAnswer TryToRenew(
        LeaseRenewer renewer, TimeSpan ttl, TimeProvider clock, ref long sentAt, CancellationToken cancel)
    {
        long start = clock.GetTimestamp();
        TimeSpan patience = HoldingRules.TakeUp(ttl), pause = HoldingRules.Retry(ttl);
        for (; ; )
        {
            long triedAt = clock.GetTimestamp();
            LeaseAnswer answer = renewer.Renew(HoldingRules.AtLeastShortest(patience - clock.GetElapsedTime(start)), cancel);
            cancel.ThrowIfCancellationRequested();
            sentAt = answer.Kind is LeaseAnswerKind.Done ? triedAt : sentAt;
            if (answer.Kind is not LeaseAnswerKind.Unavailable || patience - clock.GetElapsedTime(start) <= pause)
            {
                return answer;
            }

            cancel.WaitHandle.WaitOne(pause);
            cancel.ThrowIfCancellationRequested();
        }
    }
}
