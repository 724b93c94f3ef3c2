using System.Text;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Storage.Bench;

/// <summary>One caller, which acquires and releases a lease on one file, repeatedly. One thread.</summary>
/// <param name="coordinator">Where.</param>
/// <param name="name">Its name.</param>
/// <param name="path">The file; one of its own, if there is none.</param>
/// <param name="waitMs">How long it waits for the lease.</param>
internal sealed class Agent(LeaseCoordinator coordinator, string name, string? path = null, int waitMs = 0)
{
    // {"success":true,"data":{"lease_id":"
    private const int IdAt = 36;
    private const int IdBytes = 32;

    private readonly Reply _reply = new(1024);
    private readonly byte[] _acquire = AcquireText(name, path ?? $"/project/{name}/file.ts", waitMs);
    private readonly byte[] _release = [.. "{\"lease_id\":\"00000000000000000000000000000000\"}"u8];

    /// <summary>Acquires and releases the lease.</summary>
    public void Pair()
    {
        Acquire();
        Release();
    }

    /// <summary>Acquires the lease.</summary>
    public void Acquire()
    {
        Ask(Operation.Acquire, _acquire);
        _reply.Utf8.Slice(IdAt, IdBytes).CopyTo(_release.AsSpan(13));
    }

    /// <summary>Releases it.</summary>
    public void Release() => Ask(Operation.Release, _release);

    /// <summary>Takes leases on so many other files, and keeps them.</summary>
    public void Hold(int first, int count)
    {
        const int AtOnce = 200;
        for (int i = first; i < first + count; i += AtOnce)
        {
            string intents = string.Join(',', Enumerable.Range(i, Math.Min(AtOnce, first + count - i)).Select(file =>
                $$"""{"predicate":"MUTATES","resource_type":"FILE","resource_path":"/held/{{file / 100}}/{{file}}.ts"}"""));
            Ask(Operation.AcquireAll, Encoding.UTF8.GetBytes(
                $$"""{"agent_id":"{{name}}","session_id":"s","ttl":86400000,"intents":[{{intents}}]}"""));
        }
    }

    private void Ask(Operation operation, ReadOnlySpan<byte> request)
    {
        coordinator.Execute(operation, request, _reply);
        if (!_reply.Outcome.IsSuccess)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(_reply.Utf8));
        }
    }

    private static byte[] AcquireText(string agent, string path, int waitMs) => Encoding.UTF8.GetBytes(
        $$"""{"agent_id":"{{agent}}","session_id":"s","resource_type":"FILE","resource_path":"{{path}}",""" +
        $$"""
        "predicate":"MUTATES","ttl":3600000,"wait_ms":{{waitMs}}}
        """);
}
