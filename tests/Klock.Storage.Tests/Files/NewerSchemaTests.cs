using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A newer Klock raises the tables of a file that this one has open: from then on this one refuses it.</summary>
public sealed class NewerSchemaTests : FileSuite
{
    [Fact]
    public void Who_has_it_open_writes_nothing_more_and_says_why()
    {
        StoreClient client = Open();
        string lease = client.Acquire("a").LeaseId;
        Waiting waiting = client.Wait("a", session: "t");
        string version = RawDatabase.Ask(FilePath, "PRAGMA user_version")!;
        RawDatabase.Run(FilePath, "ALTER TABLE events ADD COLUMN of_a_newer_one TEXT; PRAGMA user_version = 1000");
        string before = Head();
        for (int round = 0; round < 2; round++)
        {
            Answer[] answers =
            [
                client.Acquire("b", path: "free"), client.Release(lease), client.Heartbeat(lease), client.List(), client.Register("c", 1),
                client.Ask(Operation.Events, "{}"), client.Ask(Operation.ListWaiters, "{}"), client.Ask(Operation.Health, "{}"),
            ];
            Assert.All(answers, answer =>
            {
                Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
                Assert.Contains("newer Klock (its schema is 1000", answer.Error, StringComparison.Ordinal);
            });
        }

        Assert.Null(waiting.Look());
        Assert.Equal(before, Head());

        // Put back, as if it had been somebody's mistake.
        RawDatabase.Run(FilePath, $"ALTER TABLE events DROP COLUMN of_a_newer_one; PRAGMA user_version = {version}");
        Assert.True(client.Release(lease).Success);
    }

    private string Head() => RawDatabase.Ask(FilePath, "SELECT max(sequence) FROM events")!;
}
