using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests;

// Every class of the contract, on the memory store. CoverageTests sees that none is left out.
public sealed class MemoryAcquireAll() : AcquireAllContract(new MemoryKind());

public sealed class MemoryAgeing() : AgeingContract(new MemoryKind());

public sealed class MemoryCallers() : CallersContract(new MemoryKind());

public sealed class MemoryChange() : ChangeContract(new MemoryKind());

public sealed class MemoryClosed() : ClosedContract(new MemoryKind());

public sealed class MemoryDeclare() : DeclareContract(new MemoryKind());

public sealed class MemoryEvents() : EventsContract(new MemoryKind());

public sealed class MemoryFault() : FaultContract(new MemoryKind())
{
    protected override IStore OpenAnother(TimeProvider time) => new MemoryStore(time, new LeaseId(1));
}

public sealed class MemoryFields() : FieldsContract(new MemoryKind());

public sealed class MemoryGrant() : GrantContract(new MemoryKind());

public sealed class MemoryJson() : JsonContract(new MemoryKind());

public sealed class MemoryLeaseEnd() : LeaseEndContract(new MemoryKind());

public sealed class MemoryLimits() : LimitsContract(new MemoryKind());

public sealed class MemoryList() : ListContract(new MemoryKind());

public sealed class MemoryNamespace() : NamespaceContract(new MemoryKind());

public sealed class MemoryParked() : ParkedContract(new MemoryKind());

public sealed class MemoryQueue() : QueueContract(new MemoryKind());

public sealed class MemoryRefusal() : RefusalContract(new MemoryKind());

public sealed class MemoryRequestId() : RequestIdContract(new MemoryKind());

public sealed class MemoryResource() : ResourceContract(new MemoryKind());

public sealed class MemorySeniority() : SeniorityContract(new MemoryKind());

public sealed class MemorySession() : SessionContract(new MemoryKind());

public sealed class MemorySnapshot() : SnapshotContract(new MemoryKind());
