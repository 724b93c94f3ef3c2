using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Postgres;
using Klock.Storage.Tests.Postgres;

namespace Klock.Storage.Tests;

// Every class of the contract, on a store whose journal is in PostgreSQL. CoverageTests sees that none is left out.
public sealed class PostgresAcquireAll() : AcquireAllContract(new PostgresKind());

public sealed class PostgresAgeing() : AgeingContract(new PostgresKind());

public sealed class PostgresCallers() : CallersContract(new PostgresKind());

public sealed class PostgresChange() : ChangeContract(new PostgresKind());

public sealed class PostgresClosed() : ClosedContract(new PostgresKind());

public sealed class PostgresDeclare() : DeclareContract(new PostgresKind());

public sealed class PostgresEvents() : EventsContract(new PostgresKind());

public sealed class PostgresFault() : FaultContract(new PostgresKind())
{
    protected override IStore OpenAnother(TimeProvider time) =>
        PostgresStores.Open(PostgresServer.Shared.NewAddress(), time, new LeaseId(1));
}

public sealed class PostgresFields() : FieldsContract(new PostgresKind());

public sealed class PostgresGrant() : GrantContract(new PostgresKind());

public sealed class PostgresJson() : JsonContract(new PostgresKind());

public sealed class PostgresLeaseEnd() : LeaseEndContract(new PostgresKind());

public sealed class PostgresLimits() : LimitsContract(new PostgresKind());

public sealed class PostgresList() : ListContract(new PostgresKind());

public sealed class PostgresNamespace() : NamespaceContract(new PostgresKind());

public sealed class PostgresParked() : ParkedContract(new PostgresKind());

public sealed class PostgresQueue() : QueueContract(new PostgresKind());

public sealed class PostgresRefusal() : RefusalContract(new PostgresKind());

public sealed class PostgresRequestId() : RequestIdContract(new PostgresKind());

public sealed class PostgresResource() : ResourceContract(new PostgresKind());

public sealed class PostgresSeniority() : SeniorityContract(new PostgresKind());

public sealed class PostgresSession() : SessionContract(new PostgresKind());

public sealed class PostgresSnapshot() : SnapshotContract(new PostgresKind());
