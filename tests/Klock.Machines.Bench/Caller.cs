using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Machines.Bench;

/// <summary>Somebody who asks a server one thing at a time, and keeps no thread.</summary>
internal sealed class Caller(LeaseCoordinator coordinator, string name)
{
    // {"success":true,"data":{"lease_id":"
    private const int IdAt = 36;
    private const int IdBytes = 32;

    private readonly Reply _reply = new(1024);

    /// <summary>How long each command took, in ms.</summary>
    public List<double> TookMs { get; } = [];

    /// <summary>Acquires and releases a lease on a file of its own until it is over.</summary>
    public async Task PairsAsync(Func<bool> isOver)
    {
        while (!isOver())
        {
            string lease = await AcquireAsync($"/project/{name}/file.ts");
            await ReleaseAsync(lease);
        }
    }

    /// <summary>Takes a lease, waiting for it if there is a time.</summary>
    public async Task<string> AcquireAsync(string path, int waitMs = 0)
    {
        string wait = waitMs > 0 ? $",\"wait_ms\":{waitMs}" : "";
        await AskAsync(
            Operation.Acquire,
            $$"""
            {"agent_id":"{{name}}","session_id":"s","resource_type":"FILE","resource_path":"{{path}}",
            "predicate":"MUTATES","ttl":3600000{{wait}}}
            """);
        return Encoding.UTF8.GetString(_reply.Utf8.Slice(IdAt, IdBytes));
    }

    /// <summary>Takes leases on files of a folder, and keeps them.</summary>
    public Task AcquireManyAsync(string folder, int files)
    {
        IEnumerable<string> intents = Enumerable.Range(0, files).Select(file =>
            $$"""{"resource_type":"FILE","resource_path":"{{folder}}/file{{file}}.ts","predicate":"MUTATES"}""");
        return AskAsync(
            Operation.AcquireAll, $$"""{"agent_id":"{{name}}","session_id":"s","ttl":3600000,"intents":[{{string.Join(',', intents)}}]}""");
    }

    public Task ReleaseAsync(string lease) => AskAsync(Operation.Release, $$"""{"lease_id":"{{lease}}"}""");

    private async Task AskAsync(Operation operation, string request)
    {
        long start = TimeProvider.System.GetTimestamp();
        if (await coordinator.BeginAsync(operation, Encoding.UTF8.GetBytes(request), _reply) is { } waiting)
        {
            await coordinator.WaitAsync(waiting, _reply, TimeProvider.System, CancellationToken.None);
        }

        TookMs.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        if (!_reply.Outcome.IsSuccess)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(_reply.Utf8));
        }
    }
}
