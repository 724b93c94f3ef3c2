using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Tests.Harness;

/// <summary>One place for state, empty when it is made and gone when it is disposed of. The contract holds for every kind.</summary>
public interface IStoreKind : IDisposable
{
    /// <summary>Opens a coordinator on it. A kind that is shared may be opened many times at once.</summary>
    LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids);
}
