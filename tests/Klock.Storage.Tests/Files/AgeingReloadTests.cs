using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Ageing survives the processes that saw it: one that opens the file later knows who was passed, and who is senior.</summary>
public sealed class AgeingReloadTests : FileSuite
{
    private readonly StoreClient _waiting;
    private readonly Waiting _young;
    private readonly List<Waiting> _elders = [];
    private string _held;

    public AgeingReloadTests()
    {
        _waiting = Open();
        for (ulong age = 0; age < 5; age++)
        {
            _waiting.Register($"elder{age}", age);
        }

        _held = _waiting.Acquire("elder4").LeaseId;
        _young = _waiting.Wait("young");
        _elders.AddRange([_waiting.Wait("elder3"), _waiting.Wait("elder2"), _waiting.Wait("elder1")]);
    }

    [Fact]
    public void Who_was_passed_once_before_and_once_after_is_senior()
    {
        Next(Open());
        Next(Open());
        Assert.Equal(["queued elder1 FILE:src/a.ts", "queued young FILE:src/a.ts"], Open().Waiters());
    }

    [Fact]
    public void Who_queues_as_a_senior_is_one_to_whoever_opens_the_file()
    {
        Next(_waiting);
        Next(_waiting);
        Answer elder = Open().Acquire("elder0");
        Assert.Equal(("DIE", true), (elder.Reason, elder.Field("conflicts")[0].GetProperty("senior").GetBoolean()));
    }

    [Fact]
    public void Who_holds_as_a_senior_is_one_to_whoever_opens_the_file()
    {
        Next(_waiting);
        Next(_waiting);
        Next(_waiting);
        _waiting.Release(_held);
        Assert.True(_young.Answered().Success);
        Answer elder = Open().Acquire("elder0");
        Assert.Equal(("DIE", true), (elder.Reason, elder.Field("conflicts")[0].GetProperty("senior").GetBoolean()));
    }

    [Fact]
    public void What_passed_nobody_who_is_still_there_is_forgotten()
    {
        Next(_waiting);
        Assert.Equal("1", RawDatabase.Ask(FilePath, "SELECT count(*) FROM passings"));
        _waiting.EndSession("young");
        for (int i = 0; i < 600; i++)
        {
            _waiting.Release(_waiting.Acquire("busy", path: "other").LeaseId);
        }

        Assert.Equal("0", RawDatabase.Ask(FilePath, "SELECT count(*) FROM passings"));
    }

    private void Next(StoreClient releaser)
    {
        releaser.Release(_held);
        _held = _elders[0].Answered().LeaseId;
        _elders.RemoveAt(0);
    }
}
