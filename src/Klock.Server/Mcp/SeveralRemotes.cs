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
            ? throw new KlockException(
                ErrorCode.StorageUnavailable, $"The server {servers[server].Name} says: {json.GetProperty("error").GetString()}")
            : (json, outcome);
    }

    protected override bool IsGone(Exception failure) => failure is KlockException { Code: ErrorCode.StorageUnavailable };

    protected override bool MayBeDone(Exception failure) => failure.InnerException is OperationCanceledException or IOException
        or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.Unknown };

    protected override Exception Stalled(int server) => new KlockException(
        ErrorCode.StorageUnavailable, $"The server {servers[server].Name} answers nothing any more.", new OperationCanceledException());

    protected override Exception Failure(IReadOnlyList<Exception> failures) =>
        new KlockException(ErrorCode.StorageUnavailable, ServerList.NoneAnswers([.. failures.Select(one => one.Message)]), failures[^1]);

    protected override bool IsAfterItsEnd((JsonElement Json, Outcome Outcome) answer) =>
        answer.Outcome.Error is ErrorCode.UnknownLease or ErrorCode.Expired;

    protected override (JsonElement Json, Outcome Outcome) Read(ReadOnlyMemory<byte> json) =>
        (JsonDocument.Parse(json).RootElement, Outcome.Done);
}
