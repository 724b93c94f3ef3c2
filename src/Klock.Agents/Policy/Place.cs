using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Client.Places;

namespace Klock.Agents.Policy;

/// <summary>A store, and what hooks remember beside it.</summary>
internal sealed class Place(StorePlace where, Func<StorePlace, ILeases> open, AgentMemory memory) : IDisposable
{
    private ILeases? _leases;

    /// <summary>Where it is.</summary>
    public StorePlace Where { get; } = where;

    /// <summary>Its leases, opened when they are needed: most tools only look.</summary>
    public ILeases Leases => _leases ??= open(Where);

    /// <summary>What hooks remember there.</summary>
    public AgentMemory Memory { get; } = memory;

    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        _leases?.Dispose();
        Memory.Dispose();
    }
}
