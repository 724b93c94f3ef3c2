using Klock.Cli.Failures;
using Klock.Cli.Transports;
using Klock.Client.Holding;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>The leases of one <c>klock run</c>, through a transport.</summary>
/// <param name="transport">Where they are.</param>
/// <param name="agent">Their agent.</param>
/// <param name="session">Their session; it may hold others too.</param>
/// <param name="ids">Their ids.</param>
/// <param name="ttl">The ttl of each.</param>
internal sealed class HeldLeases(ITransport transport, string agent, string session, string[] ids, TimeSpan ttl) : IHeldLeases
{
    public IReadOnlyList<string> Ids => ids;

    public TimeSpan Ttl => ttl;

    public int Servers => transport.Servers;

    public LeaseAnswer Renew(string id, CancellationToken limit) => Ask(Operation.Heartbeat, Request.OnLease(id), _ => true, limit);

    public LeaseAnswer Look(CancellationToken limit) =>
        Ask(Operation.ListLeases, Request.Of(("agent_id", agent), ("session_id", session)), AreThere, limit);

    public LeaseAnswer Release(string id, CancellationToken limit) => Ask(Operation.Release, Request.OnLease(id), _ => true, limit);

    private bool AreThere(Answer answer) =>
        !ids.Except(answer.Data.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!)).Any();

    private LeaseAnswer Ask(Operation operation, ReadOnlyMemory<byte> request, Func<Answer, bool> isThere, CancellationToken limit)
    {
        try
        {
            Answer answer = transport.Ask(operation, request, limit);
            ErrorCode? error = answer.Outcome.Error;
            return answer.Outcome.IsSuccess && isThere(answer) ? LeaseAnswer.Done
                : error is null or ErrorCode.Expired or ErrorCode.UnknownLease ? Of(LeaseAnswerKind.Ended, answer.Sentence)
                : error is ErrorCode.StorageUnavailable ? Of(LeaseAnswerKind.Unavailable, answer.Sentence)
                : Of(LeaseAnswerKind.Refused, answer.Sentence);
        }
        catch (CliFailure failure)
        {
            return Of(failure is Unreachable ? LeaseAnswerKind.Unavailable : LeaseAnswerKind.Refused, failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Of(LeaseAnswerKind.Unavailable, "There was no answer in time.");
        }
    }

    private static LeaseAnswer Of(LeaseAnswerKind kind, string sentence) => new(kind, sentence);
}
