using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>The leases of one <c>klock run</c>.</summary>
/// <param name="Agent">Whose they are.</param>
/// <param name="Session">In which session; it may hold others too.</param>
/// <param name="Ids">Their ids.</param>
/// <param name="Ttl">What each of them lasts.</param>
internal sealed record HeldLeases(string Agent, string Session, string[] Ids, TimeSpan Ttl)
{
    /// <summary>Renews each of them once.</summary>
    /// <returns>Why one is lost; null when none is.</returns>
    /// <exception cref="CliFailure">That cannot be told now.</exception>
    public string? Renew(Func<Operation, ReadOnlyMemory<byte>, Answer> ask)
    {
        foreach (string id in Ids)
        {
            Answer answer = ask(Operation.Heartbeat, Request.OnLease(id));
            if (!answer.Outcome.IsSuccess)
            {
                return answer.Outcome.Error is ErrorCode.Expired or ErrorCode.UnknownLease ? answer.Sentence : throw answer.ToFailure();
            }
        }

        return null;
    }

    /// <summary>Looks whether all of them are still there. It changes nothing, and so costs a store next to nothing.</summary>
    /// <exception cref="CliFailure">That cannot be told now.</exception>
    public bool AreThere(Func<Operation, ReadOnlyMemory<byte>, Answer> ask)
    {
        Answer answer = ask(Operation.ListLeases, Request.Of(("agent_id", Agent), ("session_id", Session)));
        return !answer.Outcome.IsSuccess ? throw answer.ToFailure()
            : !Ids.Except(answer.Data.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!)).Any();
    }
}
