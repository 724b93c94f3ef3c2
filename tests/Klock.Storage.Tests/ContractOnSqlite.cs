using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests;

// Every class of the contract, on the SQLite store. CoverageTests sees that none is left out.
// Synchronous is normal: what is tried is what answers say, and a disk's patience is better spent on the tests of files.
public sealed class SqliteAcquireAll() : AcquireAllContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteAgeing() : AgeingContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteCallers() : CallersContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteChange() : ChangeContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteClosed() : ClosedContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteDeclare() : DeclareContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteEvents() : EventsContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteFault() : FaultContract(new SqliteKind("?synchronous=normal"))
{
    private readonly SqliteKind _another = new("?synchronous=normal");

    protected override IStore OpenAnother(TimeProvider time) =>
        new SqliteStore(SqliteLocation.Parse(_another.FilePath + "?synchronous=normal"), time, new LeaseId(1), process: null);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _another.Dispose();
    }
}

public sealed class SqliteFields() : FieldsContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteGrant() : GrantContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteJson() : JsonContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteLeaseEnd() : LeaseEndContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteLimits() : LimitsContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteList() : ListContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteNamespace() : NamespaceContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteParked() : ParkedContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteQueue() : QueueContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteRefusal() : RefusalContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteRequestId() : RequestIdContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteResource() : ResourceContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteSeniority() : SeniorityContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteSession() : SessionContract(new SqliteKind("?synchronous=normal"));

public sealed class SqliteSnapshot() : SnapshotContract(new SqliteKind("?synchronous=normal"));
