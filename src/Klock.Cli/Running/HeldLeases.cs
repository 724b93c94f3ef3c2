using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Client.Holding;
using Klock.Coordinator;

namespace Klock.Cli.Running;

/// <summary>The leases of one <c>klock run</c>, through a door.</summary>
/// <param name="door">Where they are.</param>
/// <param name="agent">Whose they are.</param>
/// <param name="session">In which session; it may hold others too.</param>
/// <param name="ids">Their ids.</param>
/// <param name="ttl">What each of them lasts.</param>
internal sealed class HeldLeases(IDoor door, string agent, string session, string[] ids, TimeSpan ttl) : IHeldLeases
{
    public IReadOnlyList<string> Ids => ids;

    public TimeSpan Ttl => ttl;

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
            Answer answer = door.Ask(operation, request, limit);
            return answer.IsSuccess && isThere(answer) ? LeaseAnswer.Done
                : answer.IsSuccess || answer.Error is ErrorCode.Expired or ErrorCode.UnknownLease
                    ? Of(LeaseAnswerKind.Ended, answer.Sentence)
                : answer.Error is ErrorCode.StorageUnavailable ? Of(LeaseAnswerKind.Unavailable, answer.Sentence)
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
