namespace Klock.Client.Holding;

/// <summary>
/// Accepts a grant before anybody relies on it: when the answer came so late that nobody knows how much of its time is over, the grant is
/// renewed first (docs/architecture.md, "Holding a lease", 9).
/// </summary>
public static class LateGrant
{
    /// <summary>Renews it if it is late.</summary>
    /// <param name="leases">What was granted. If it is not renewed, it is released.</param>
    /// <param name="clock">The clock of the leases.</param>
    /// <param name="sentAt">When the request was sent that got them, or now renewed them.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="OperationCanceledException">Given up; the grant is released.</exception>
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
