using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A snapshot is one read: while other store objects write, its lists and its number belong to one state.</summary>
public sealed class SnapshotWhileWritingTests : IDisposable
{
    private const int Leases = 300;

    private readonly SqliteKind _kind = new("?synchronous=normal");

    [Fact]
    public async Task Its_leases_are_those_granted_up_to_its_number()
    {
        using LeaseCoordinator writer = _kind.Open(TimeProvider.System, new CountingIds());
        using LeaseCoordinator reader = _kind.Open(TimeProvider.System, new CountingIds());
        var writing = Task.Run(
            () =>
            {
                var klock = new StoreClient(writer);
                for (int i = 0; i < Leases; i++)
                {
                    Assert.True(klock.Acquire($"a{i}", path: $"{i}").Success);
                }
            },
            TestContext.Current.CancellationToken);
        var looking = new StoreClient(reader);
        List<JsonElement> shown = [];
        do
        {
            shown.Add(looking.Ask(Operation.Snapshot, "{}").Data);
        }
        while (shown[^1].GetProperty("leases").GetArrayLength() < Leases && !writing.IsFaulted);

        await writing;
        long[] grants =
        [
            .. looking.Events().Where(happened => happened.GetProperty("kind").GetString() == "GRANTED")
                .Select(happened => happened.GetProperty("seq").GetInt64()),
        ];
        Assert.Equal(Leases, grants.Length);
        Assert.All(shown, one =>
        {
            int granted = grants.Count(grant => grant <= one.GetProperty("sequence").GetInt64());
            Assert.Equal(granted, one.GetProperty("leases").GetArrayLength());
            Assert.Equal(granted, one.GetProperty("agents").GetArrayLength());
        });
    }

    public void Dispose() => _kind.Dispose();
}
