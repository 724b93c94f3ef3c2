using Klock.Agents.Leases;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>Several servers of one coordinator, of which one that answers is used.</summary>
/// <param name="servers">The servers, in the order in which they are tried.</param>
internal sealed class SeveralServers(IReadOnlyList<HttpTransport> servers) : ServerRotation<Answer>(servers.Count), ITransport
{
    public bool IsServer => true;

    public int Servers => servers.Count;

    public LeaseClock Clock => LeaseClock.BootTime;

    public void Dispose()
    {
        foreach (HttpTransport server in servers)
        {
            server.Dispose();
        }
    }

    protected override Answer Send(int server, Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel) =>
        servers[server].Ask(operation, request, cancel);

    protected override bool IsGone(Exception failure) => failure is Unreachable;

    protected override bool MayBeDone(Exception failure) => failure is Unreachable { WasSent: true };

    protected override Exception Stalled(int server) =>
        new Unreachable(ErrorCode.StorageUnavailable, $"The server {servers[server].Name} answers nothing any more.") { WasSent = true };

    protected override Exception Failure(IReadOnlyList<Exception> failures)
    {
        Unreachable[] each = [.. failures.Cast<Unreachable>()];
        return new Unreachable(ErrorCode.StorageUnavailable, ServerList.NoneAnswers([.. each.Select(one => one.Message)]), each[^1])
        {
            IsFirst = each.All(one => one.IsFirst),
            RetryAfter = each.All(one => one.RetryAfter is not null) ? each.Min(one => one.RetryAfter) : null,
            WasSent = each.Any(one => one.WasSent),
        };
    }

    protected override ErrorCode? ErrorOf(Answer answer) => answer.Outcome.Error;

    protected override IEnumerable<string> LeasesOf(Answer answer) =>
        !answer.Outcome.IsSuccess ? []
            : answer.Leases.Select(static lease => lease.GetProperty("lease_id").GetString()!);

    protected override Answer Read(ReadOnlyMemory<byte> json) =>
        Answer.Read(json) ?? throw new InvalidOperationException("What was just written is no answer.");
}
