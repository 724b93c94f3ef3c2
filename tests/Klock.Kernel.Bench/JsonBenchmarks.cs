using BenchmarkDotNet.Attributes;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;

namespace Klock.Kernel.Bench;

/// <summary>Acquire and release through the coordinator: JSON in, JSON out, memory store.</summary>
[MemoryDiagnoser]
public class JsonBenchmarks
{
    // {"success":true,"data":{"lease_id":"
    private const int IdAt = 36;
    private const int IdBytes = 32;

    private readonly LeaseCoordinator _coordinator =
        new(new MemoryStore(TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);

    private readonly Reply _reply = new(1024);
    private readonly byte[] _acquire = [.. """
        {"agent_id":"agent","session_id":"session-1","resource_type":"FILE","resource_path":"/src/module/auth/login.ts",
        "predicate":"MUTATES","ttl":3600000}
        """u8];

    private readonly byte[] _release = [.. "{\"lease_id\":\"00000000000000000000000000000000\"}"u8];

    [Benchmark]
    public int AcquireAndReleaseJson()
    {
        _coordinator.Execute(Operation.Acquire, _acquire, _reply);
        _reply.Utf8.Slice(IdAt, IdBytes).CopyTo(_release.AsSpan(13));
        _coordinator.Execute(Operation.Release, _release, _reply);
        return _reply.Text.Length;
    }
}
