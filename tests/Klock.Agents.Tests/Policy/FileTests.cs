using Klock.Agents.Events;
using Klock.Agents.Memory;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Microsoft.Data.Sqlite;

namespace Klock.Agents.Tests.Policy;

/// <summary>Which leases an edit gets, and that it gets all or none.</summary>
public sealed class FileTests : IDisposable
{
    private readonly World _world = new();

    public FileTests()
    {
        _world.Put("a.txt", "x");
        _world.Put("b.txt", "x");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void EachChangeHasItsPredicate()
    {
        Agent one = _world.Agent("codex");
        Assert.Null(one.Patch(
            "*** Add File: new/n.txt", "+x", "*** Update File: a.txt", "*** Delete File: b.txt", "*** Update File: c.txt",
            "*** Move to: d.txt")
            .Reason);
        string[] expected =
        [
            "DELETES FILE:b.txt", "MUTATES FILE:a.txt", "PROVIDES FILE:d.txt", "PROVIDES FILE:new/n.txt", "RENAMES FILE:c.txt",
        ];
        Assert.Equal(expected.Select(each => $"{one.Id} {each}"), _world.Held());
    }

    [Fact]
    public void AFileThatIsMovedOverAnotherMutatesIt()
    {
        Agent one = _world.Agent("codex");
        one.Patch("*** Update File: a.txt", "*** Move to: b.txt");
        Assert.Equal([$"{one.Id} MUTATES FILE:b.txt", $"{one.Id} RENAMES FILE:a.txt"], _world.Held());
    }

    [Fact]
    public void ANewFileIsProvidedThenMutated()
    {
        Agent one = _world.Agent();
        one.Write("new.txt");
        Assert.Equal([$"{one.Id} PROVIDES FILE:new.txt"], _world.Held());
        _world.Put("new.txt", "x");
        one.Done();
        one.Edit("new.txt");
        Assert.Equal([$"{one.Id} MUTATES FILE:new.txt"], _world.Held());
    }

    [Fact]
    public void OfTwoThatMakeOneFileOneMayNot()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        Assert.Null(one.Write("new.txt").Reason);
        Assert.True(other.Write("new.txt").Blocks);
    }

    // A model's patch may name a file twice.
    [Fact]
    public void AFileThatIsNamedTwiceIsLeasedOnce()
    {
        Agent one = _world.Agent("codex");
        Assert.Null(one.Patch("*** Delete File: a.txt", "*** Add File: a.txt", "*** Update File: ./a.txt").Reason);
        Assert.Single(_world.Held());
        Assert.Null(one.Patch("*** Update File: a.txt", "*** Update File: a.txt").Reason);
        Assert.Single(_world.Held());
        one.Done();
    }

    [Fact]
    public void AllOrNone()
    {
        Agent one = _world.Agent("codex"), other = _world.Agent("codex");
        one.Patch("*** Update File: b.txt");
        Assert.True(other.Patch("*** Update File: a.txt", "*** Update File: b.txt", "*** Add File: c.txt").Blocks);
        Assert.Equal([$"{one.Id} MUTATES FILE:b.txt"], _world.Held());
    }

    [Fact]
    public void AllOrNoneOverTwoStores()
    {
        string outside = Path.Combine(_world.Outside, "out.txt");
        Agent one = _world.Agent("codex"), other = _world.Agent("codex");
        Assert.Null(one.Patch($"*** Add File: {outside}").Reason);
        Assert.Equal([$"{one.Id} PROVIDES FILE:{outside}"], _world.Held(_world.Outside));
        Assert.Empty(_world.Held());

        Assert.True(other.Patch("*** Update File: a.txt", $"*** Add File: {outside}").Blocks);
        Assert.Empty(_world.Held());
        Assert.Single(_world.Held(_world.Outside));

        one.Stop();
        Assert.Empty(_world.Held(_world.Outside));
        Assert.Null(other.Patch("*** Update File: a.txt", $"*** Add File: {outside}").Reason);
        Assert.Single(_world.Held());
        Assert.Single(_world.Held(_world.Outside));
        other.End();
        Assert.Empty(_world.Held());
        Assert.Empty(_world.Held(_world.Outside));
    }

    // A block for its content ends the leases in both stores.
    [Fact]
    public void AStaleFileOfTwoStoresEndsBothLeases()
    {
        string outside = Path.Combine(_world.Outside, "out.txt");
        Agent one = _world.Agent("codex"), other = _world.Agent("codex");
        other.Read("a.txt");
        one.Change("a.txt", "y");
        one.Stop();
        Assert.True(other.Patch($"*** Add File: {outside}", "*** Add File: a.txt").Blocks);
        Assert.Empty(_world.Held());
        Assert.Empty(_world.Held(_world.Outside));
    }

    [Theory]
    [InlineData("b/../a.txt")]
    [InlineData("./a.txt")]
    [InlineData("sub//../a.txt")]
    [InlineData("link/a.txt")]
    [InlineData("link.txt")]
    public void OneFileHasOneName(string name)
    {
        Directory.CreateSymbolicLink(_world.At("link"), _world.Folder);
        File.CreateSymbolicLink(_world.At("link.txt"), _world.At("a.txt"));
        Agent one = _world.Agent("codex"), other = _world.Agent();
        Assert.Null(one.Patch($"*** Update File: {name}").Reason);
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.True(other.Edit("a.txt").Blocks);
    }

    [Fact]
    public void ARelativePathCountsFromTheFolderOfTheEvent()
    {
        Directory.CreateDirectory(_world.At("sub"));
        Agent one = new(_world, "codex", "s", null) { Folder = _world.At("sub") };
        one.Patch("*** Add File: n.txt", "*** Update File: ../a.txt");
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt", $"{one.Id} PROVIDES FILE:sub/n.txt"], _world.Held());
    }

    // One repository, one name, whichever work tree.
    [Fact]
    public void WorkTreesShareNames()
    {
        _world.Git("add", "-A");
        _world.Git("commit", "--quiet", "-m", "first");
        string tree = Path.Combine(_world.Outside, "tree");
        _world.Git("worktree", "add", "--quiet", tree);
        Agent one = new(_world, "codex", "s", null) { Folder = tree }, other = _world.Agent();
        Assert.Null(one.Patch("*** Update File: a.txt").Reason);
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.True(other.Edit("a.txt").Blocks);
    }

    [Theory]
    [InlineData("#a b?.txt")]
    [InlineData("app/[id]/(group)/page.tsx")]
    [InlineData("ü/日本.txt")]
    [InlineData("-rf")]
    [InlineData("new/in/new/folders/f.txt")]
    public void AnyNameIsAName(string name)
    {
        Agent one = _world.Agent(), other = _world.Agent();
        Assert.Null(one.Write(name).Reason);
        Assert.True(other.Write(name).Blocks);
        _world.Put(name, "x");
        one.Done();
        Assert.Null(other.Edit(name).Reason);
        Assert.Single(_world.Held());
    }

    // No lease has such a name. An edit says so; a read is nothing that Klock would stand in the way of.
    [Fact]
    public void AStarIsNoNameOfALease()
    {
        Agent one = _world.Agent();
        _world.Put("a*b", "x");
        Assert.Contains("'*'", Assert.Throws<KlockException>(() => one.Edit("a*b")).Message, StringComparison.Ordinal);
        Assert.Null(one.Read("a*b").Reason);
        Assert.Null(one.Read("a\0b").Reason);
        Assert.Null(one.Read(new string('a', 5_000)).Reason);
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void AToolThatIsNotUnderstoodIsNeverAllowed()
    {
        Agent one = _world.Agent();
        Assert.Throws<Agents.Policy.NotUnderstoodException>(() => one.Before("Write", new() { ["content"] = "x" }));
        Assert.Throws<Agents.Policy.NotUnderstoodException>(() => one.Patch("no patch"));
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void APathThatCannotBeIsAnError()
    {
        Agent one = _world.Agent();
        Assert.ThrowsAny<Exception>(() => one.Edit("a\0b"));
        Assert.ThrowsAny<Exception>(() => one.Edit(new string('a', 5_000)));
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void OtherToolsDoNothing()
    {
        Agent one = _world.Agent();
        Assert.Equal(Decision.Allow, one.Before("Grep", new() { ["pattern"] = "x", ["path"] = _world.Folder }));
        Assert.Equal(Decision.Allow, one.Tell(AgentEventKind.Other));
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void APatchOfVeryManyFilesGetsTheTreeAndWhatIsElsewhereBesides()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        string[] patch = [.. Enumerable.Range(0, 101).Select(i => $"*** Add File: n{i}"), $"*** Add File: {_world.Outside}/elsewhere.txt"];
        Assert.Null(one.Patch(patch).Reason);
        Assert.Equal([$"{one.Id} MUTATES FILE:**"], _world.Held());
        Assert.Single(_world.Held(_world.Outside));
        string reason = other.Edit("a.txt").Reason!;
        Assert.Contains("in use by", reason, StringComparison.Ordinal);
        Assert.InRange(reason.Length, 1, 1_000);
    }

    // Everybody's first event is the one that makes the file.
    [Fact]
    public void ManyMayOpenAMemoryThatIsNotThereYet()
    {
        for (int round = 0; round < 10; round++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_world.Outside, $"new{round}")).FullName;
            var place = new StorePlace(folder, IsRepository: false);
            Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
            {
                using var memory = AgentMemory.Open(place);
                memory.Count("opened", atMs: i);
            });
            using var last = AgentMemory.Open(place);
            Assert.Equal(16, last.Counts().Single().Count);
        }
    }

    [Fact]
    public void AMemoryOfTheVersionBeforeIsBroughtUp()
    {
        Agent one = _world.Agent();
        one.Change("a.txt", "mine");
        string path = AgentMemory.PathIn(_world.PlaceOf(_world.Folder));
        using (var file = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            file.Open();
            using SqliteCommand lower = file.CreateCommand();
            lower.CommandText = "ALTER TABLE agents DROP COLUMN over; DROP TABLE refusals; DROP TABLE claims; DROP TABLE calls; "
                + "PRAGMA user_version = 1";
            lower.ExecuteNonQuery();
        }

        Assert.False(_world.Remembered(memory => memory.FindStanding(one.Id))!.IsOver);
        Assert.Equal(one.Id, _world.Remembered(memory => memory.FindWriter("FILE:a.txt"))!.Agent);
    }

    [Fact]
    public void ADamagedMemoryIsNamedWithWhatToDo()
    {
        StorePlace place = _world.PlaceOf(_world.Folder);
        Directory.CreateDirectory(place.Folder);
        File.WriteAllText(AgentMemory.PathIn(place), new string('x', 4096));
        KlockException refused = Assert.Throws<KlockException>(() => AgentMemory.Open(place));
        Assert.Contains(AgentMemory.PathIn(place), refused.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", refused.Message, StringComparison.Ordinal);
    }
}
