using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Client.Places;

namespace Klock.Agents.Policy;

/// <summary>A store, and what hooks remember beside it.</summary>
internal sealed class Place(StorePlace where, ILeases leases, AgentMemory memory) : IDisposable
{
    /// <summary>Where it is.</summary>
    public StorePlace Where { get; } = where;

    /// <summary>Its leases.</summary>
    public ILeases Leases { get; } = leases;

    /// <summary>What hooks remember there.</summary>
    public AgentMemory Memory { get; } = memory;

    /// <summary>Closes both.</summary>
    public void Dispose()
    {
        Leases.Dispose();
        Memory.Dispose();
    }
}
