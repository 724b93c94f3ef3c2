using Klock.Build.Making;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>Work is left out only when its result is there and would come out the same.</summary>
public sealed class StampTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("klock-stamp-").FullName;
    private readonly string _name = "self-test-" + Path.GetRandomFileName();

    public StampTests()
    {
        File.WriteAllText(In("source"), "1");
        File.WriteAllText(In("made"), "2");
        Make().Record();
    }

    [Fact]
    public void What_was_just_made_is_fresh() => Assert.True(Make().IsFresh());

    [Fact]
    public void A_touched_source_with_the_same_content_changes_nothing()
    {
        File.WriteAllText(In("source"), "1");
        Assert.True(Make().IsFresh());
    }

    [Theory]
    [InlineData("source")]
    [InlineData("made")]
    [InlineData("added")]
    public void Other_content_is_not_fresh(string file)
    {
        File.WriteAllText(In(file), "3");
        Assert.False(Make().IsFresh());
    }

    [Theory]
    [InlineData("source")]
    [InlineData("made")]
    public void What_is_gone_is_not_fresh(string file)
    {
        File.Delete(In(file));
        Assert.False(Make().IsFresh());
    }

    [Fact]
    public void A_source_that_changed_while_the_work_ran_makes_it_stale()
    {
        Stamp begun = Make();
        File.WriteAllText(In("source"), "3");
        begun.Record();
        Assert.False(Make().IsFresh());
    }

    [Fact]
    public void Nothing_made_is_never_fresh()
    {
        Stamp stamp = new(_name, [In("source")], () => []);
        stamp.Record();
        Assert.False(stamp.IsFresh());
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        File.Delete(Repo.At("artifacts", "stamps", _name));
    }

    private Stamp Make() => new(_name, [In("source"), In("added")], () => [In("made")]);

    private string In(string file) => Path.Combine(_folder, file);
}
