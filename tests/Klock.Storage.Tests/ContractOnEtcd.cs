using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Etcd;

namespace Klock.Storage.Tests;

// Every class of the contract, on a store whose journal is in etcd. CoverageTests sees that none is left out.
public sealed class EtcdAcquireAll() : AcquireAllContract(new EtcdKind());

public sealed class EtcdAgeing() : AgeingContract(new EtcdKind());

public sealed class EtcdCallers() : CallersContract(new EtcdKind());

public sealed class EtcdChange() : ChangeContract(new EtcdKind());

public sealed class EtcdClosed() : ClosedContract(new EtcdKind());

public sealed class EtcdDeclare() : DeclareContract(new EtcdKind());

public sealed class EtcdEvents() : EventsContract(new EtcdKind());

public sealed class EtcdFault() : FaultContract(new EtcdKind())
{
    protected override IStore OpenAnother(TimeProvider time) =>
        EtcdKind.Open(EtcdKind.Patient(EtcdMember.Shared.NewAddress()), time, new LeaseId(1));
}

public sealed class EtcdFields() : FieldsContract(new EtcdKind());

public sealed class EtcdGrant() : GrantContract(new EtcdKind());

public sealed class EtcdJson() : JsonContract(new EtcdKind());

public sealed class EtcdLeaseEnd() : LeaseEndContract(new EtcdKind());

public sealed class EtcdLimits() : LimitsContract(new EtcdKind());

public sealed class EtcdList() : ListContract(new EtcdKind());

public sealed class EtcdNamespace() : NamespaceContract(new EtcdKind());

public sealed class EtcdParked() : ParkedContract(new EtcdKind());

public sealed class EtcdQueue() : QueueContract(new EtcdKind());

public sealed class EtcdRefusal() : RefusalContract(new EtcdKind());

public sealed class EtcdRequestId() : RequestIdContract(new EtcdKind());

public sealed class EtcdResource() : ResourceContract(new EtcdKind());

public sealed class EtcdSeniority() : SeniorityContract(new EtcdKind());

public sealed class EtcdSession() : SessionContract(new EtcdKind());

public sealed class EtcdSnapshot() : SnapshotContract(new EtcdKind());
