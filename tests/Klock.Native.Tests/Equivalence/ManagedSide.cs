using System.Text;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Native.Testing;

namespace Klock.Native.Tests.Equivalence;

/// <summary>The same coordinator as in the library, compiled at run time and called without the C interface.</summary>
internal sealed class ManagedSide : IDisposable
{
    private readonly TestClock _clock;
    private readonly LeaseCoordinator _coordinator;

    public ManagedSide(string storage, ulong seed, long nowMs)
    {
        _clock = new TestClock(nowMs);
        _coordinator = LocalStores.Open(storage, _clock, new SeededIds(seed));
    }

    public void SetNow(long nowMs) => _clock.NowMs = nowMs;

    public string Send(string name, string json)
    {
        var reply = new Reply();
        var operation = Enum.Parse<Operation>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        _coordinator.Execute(operation, Encoding.UTF8.GetBytes(json), reply);
        return Encoding.UTF8.GetString(reply.Utf8);
    }

    public void Dispose() => _coordinator.Dispose();
}
