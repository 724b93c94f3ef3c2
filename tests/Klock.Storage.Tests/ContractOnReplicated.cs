using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Replicated;

namespace Klock.Storage.Tests;

// Every class of the contract, on a store that is replicated through a journal. CoverageTests sees that none is left out.
public sealed class ReplicatedAcquireAll() : AcquireAllContract(new ReplicatedKind());

public sealed class ReplicatedAgeing() : AgeingContract(new ReplicatedKind());

public sealed class ReplicatedCallers() : CallersContract(new ReplicatedKind());

public sealed class ReplicatedChange() : ChangeContract(new ReplicatedKind());

public sealed class ReplicatedClosed() : ClosedContract(new ReplicatedKind());

public sealed class ReplicatedDeclare() : DeclareContract(new ReplicatedKind());

public sealed class ReplicatedEvents() : EventsContract(new ReplicatedKind());

public sealed class ReplicatedFault() : FaultContract(new ReplicatedKind())
{
    protected override IStore OpenAnother(TimeProvider time) => new ReplicatedStore(new SharedJournal().Connect(), time, new LeaseId(1));
}

public sealed class ReplicatedFields() : FieldsContract(new ReplicatedKind());

public sealed class ReplicatedGrant() : GrantContract(new ReplicatedKind());

public sealed class ReplicatedJson() : JsonContract(new ReplicatedKind());

public sealed class ReplicatedLeaseEnd() : LeaseEndContract(new ReplicatedKind());

public sealed class ReplicatedLimits() : LimitsContract(new ReplicatedKind());

public sealed class ReplicatedList() : ListContract(new ReplicatedKind());

public sealed class ReplicatedNamespace() : NamespaceContract(new ReplicatedKind());

public sealed class ReplicatedParked() : ParkedContract(new ReplicatedKind());

public sealed class ReplicatedQueue() : QueueContract(new ReplicatedKind());

public sealed class ReplicatedRefusal() : RefusalContract(new ReplicatedKind());

public sealed class ReplicatedRequestId() : RequestIdContract(new ReplicatedKind());

public sealed class ReplicatedResource() : ResourceContract(new ReplicatedKind());

public sealed class ReplicatedSeniority() : SeniorityContract(new ReplicatedKind());

public sealed class ReplicatedSession() : SessionContract(new ReplicatedKind());

public sealed class ReplicatedSnapshot() : SnapshotContract(new ReplicatedKind());
