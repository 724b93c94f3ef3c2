using Klock.Kernel.Claims;

namespace Klock.Coordinator.Ids;

/// <summary>Where lease ids come from. Thread-safe.</summary>
public interface ILeaseIdSource
{
    /// <summary>A fresh id: 128 bits nobody can guess, never given twice.</summary>
    LeaseId Next();
}
