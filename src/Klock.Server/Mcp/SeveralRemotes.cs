using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Coordinator.Protocol;

namespace Klock.Server.Mcp;

/// <summary>Several servers of one coordinator, of which one that answers is used.</summary>
/// <param name="servers">The servers, in the order in which they are tried.</param>
internal sealed class SeveralRemotes(IReadOnlyList<RemoteCoordinator> servers)
    : ServerRotation<(JsonElement Json, Outcome Outcome)>(servers.Count), ICoordinator
{
    public void Dispose()
    {
        foreach (RemoteCoordinator server in servers)
        {
            server.Dispose();
        }
    }

    protected override (JsonElement Json, Outcome Outcome) Send(
        int server, Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        (JsonElement json, Outcome outcome) = servers[server].Ask(operation, request, cancel, out bool comesBack);
        return outcome.Error is ErrorCode.StorageUnavailable || (outcome.Error is ErrorCode.Closed && comesBack)
            ? throw new ServerGoneException(
                $"The server {servers[server].Name} says: {json.GetProperty("error").GetString()}", wasSent: true)
            : (json, outcome);
    }

    protected override bool IsGone(Exception failure) => failure is ServerGoneException;

    protected override bool MayBeDone(Exception failure) => failure is ServerGoneException { WasSent: true };

    protected override Exception Stalled(int server) =>
        new ServerGoneException($"The server {servers[server].Name} answers nothing any more.", wasSent: true);

    protected override Exception Failure(IReadOnlyList<Exception> failures) =>
        new KlockException(ErrorCode.StorageUnavailable, ServerList.NoneAnswers([.. failures.Select(one => one.Message)]), failures[^1]);

    protected override ErrorCode? ErrorOf((JsonElement Json, Outcome Outcome) answer) => answer.Outcome.Error;

    protected override IEnumerable<string> LeasesOf((JsonElement Json, Outcome Outcome) answer) =>
        !answer.Outcome.IsSuccess ? []
            : CoordinatorLeases.LeasesOf(answer.Json).Select(static lease => lease.GetProperty("lease_id").GetString()!);

    protected override (JsonElement Json, Outcome Outcome) Read(ReadOnlyMemory<byte> json) =>
        (JsonDocument.Parse(json).RootElement, Outcome.Done);
}
