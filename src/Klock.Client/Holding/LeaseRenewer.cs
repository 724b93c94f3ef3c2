namespace Klock.Client.Holding;

/// <summary>Renews all leases of one request, and remembers which of them have ended.</summary>
internal sealed class LeaseRenewer(IHeldLeases leases)
{
    private readonly HashSet<string> _ended = [];

    /// <summary>The leases that may still be there.</summary>
    public IEnumerable<string> Living => leases.Ids.Except(_ended);

    /// <summary>Renews them once; success when all were renewed.</summary>
    /// <param name="patience">How long the answers may take, together.</param>
    /// <param name="cancel">Gives up.</param>
    public LeaseAnswer Renew(TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        foreach (string id in leases.Ids)
        {
            LeaseAnswer answer = leases.Renew(id, limit.Token);
            if (answer.Kind is LeaseAnswerKind.Ended)
            {
                _ended.Add(id);
            }

            if (answer.Kind is not LeaseAnswerKind.Done)
            {
                return answer;
            }
        }

        return LeaseAnswer.Done;
    }
}
