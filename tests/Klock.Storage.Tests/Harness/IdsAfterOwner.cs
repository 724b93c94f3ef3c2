using Klock.Coordinator.Ids;
using Klock.Kernel.Claims;

namespace Klock.Storage.Tests.Harness;

/// <summary>
/// Names a store by its own number and leases by a source that many share: however many are opened, leases are named alike.
/// </summary>
public sealed class IdsAfterOwner(int number, ILeaseIdSource leases) : ILeaseIdSource
{
    private bool _ownerIsNamed;

    public LeaseId Next()
    {
        if (_ownerIsNamed)
        {
            return leases.Next();
        }

        _ownerIsNamed = true;
        return new LeaseId(UInt128.MaxValue - (UInt128)number);
    }
}
