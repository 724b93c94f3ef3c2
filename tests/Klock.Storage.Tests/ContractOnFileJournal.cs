using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Replicated.OnFile;

namespace Klock.Storage.Tests;

// Every class of the contract, on a store whose journal is in an SQLite file. CoverageTests sees that none is left out.
public sealed class FileJournalAcquireAll() : AcquireAllContract(new FileJournalKind());

public sealed class FileJournalAgeing() : AgeingContract(new FileJournalKind());

public sealed class FileJournalCallers() : CallersContract(new FileJournalKind());

public sealed class FileJournalChange() : ChangeContract(new FileJournalKind());

public sealed class FileJournalClosed() : ClosedContract(new FileJournalKind());

public sealed class FileJournalDeclare() : DeclareContract(new FileJournalKind());

public sealed class FileJournalEvents() : EventsContract(new FileJournalKind());

public sealed class FileJournalFault() : FaultContract(new FileJournalKind())
{
    private readonly FileJournalKind _another = new();

    protected override IStore OpenAnother(TimeProvider time) => _another.OpenStore(time, new LeaseId(1));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _another.Dispose();
    }
}

public sealed class FileJournalFields() : FieldsContract(new FileJournalKind());

public sealed class FileJournalGrant() : GrantContract(new FileJournalKind());

public sealed class FileJournalJson() : JsonContract(new FileJournalKind());

public sealed class FileJournalLeaseEnd() : LeaseEndContract(new FileJournalKind());

public sealed class FileJournalLimits() : LimitsContract(new FileJournalKind());

public sealed class FileJournalList() : ListContract(new FileJournalKind());

public sealed class FileJournalNamespace() : NamespaceContract(new FileJournalKind());

public sealed class FileJournalParked() : ParkedContract(new FileJournalKind());

public sealed class FileJournalQueue() : QueueContract(new FileJournalKind());

public sealed class FileJournalRefusal() : RefusalContract(new FileJournalKind());

public sealed class FileJournalRequestId() : RequestIdContract(new FileJournalKind());

public sealed class FileJournalResource() : ResourceContract(new FileJournalKind());

public sealed class FileJournalSeniority() : SeniorityContract(new FileJournalKind());

public sealed class FileJournalSession() : SessionContract(new FileJournalKind());

public sealed class FileJournalSnapshot() : SnapshotContract(new FileJournalKind());
