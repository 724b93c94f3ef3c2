using Klock.Storage.Hammer;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>The witness sees what it is there to see; else the hammers would prove nothing.</summary>
public sealed class WitnessTests : IDisposable
{
    private const long Now = 1_000, Later = 2_000;

    private readonly TemporaryFolder _folder = new();
    private readonly Witness _witness;
    private readonly int _one, _two;
    private long _token = 1;

    public WitnessTests()
    {
        _witness = new Witness(_folder.At("witness"));
        _one = _witness.AddWorker();
        _two = _witness.AddWorker();
    }

    [Theory]
    [InlineData("src/a.ts MUTATES", "src/a.ts MUTATES", true)]
    [InlineData("src/a.ts MUTATES", "src/a.ts CONSUMES", true)]
    [InlineData("src/a.ts PROVIDES", "src/a.ts PROVIDES", true)]
    [InlineData("src/a.ts PROVIDES", "src/a.ts DEPENDS_ON", false)]
    [InlineData("src/a.ts CONSUMES", "src/a.ts DEPENDS_ON", false)]
    [InlineData("src/a.ts MUTATES", "src/b.ts MUTATES", false)]
    [InlineData("src/a.ts MUTATES", "src/** CONSUMES", true)]
    [InlineData("src/a.ts#f MUTATES", "src/** DEPENDS_ON", true)]
    [InlineData("src/a.ts#f MUTATES", "src/a.ts CONSUMES", true)]
    [InlineData("src/a.ts#f MUTATES", "src/a.ts#g MUTATES", false)]
    [InlineData("src/** DELETES", "docs/x.md DELETES", false)]
    [InlineData("deploy RENAMES", "deploy RENAMES", true)]
    public void It_sees_two_who_should_not_be_in_at_once(string first, string second, bool wrong)
    {
        Assert.Null(Enter(_one, Cell(first)));
        Assert.Equal(wrong, Enter(_two, Cell(second)) is not null);
        _witness.Leave(_one, Cell(first));
        _witness.Leave(_two, Cell(second));
        Assert.Null(Enter(_two, Cell(second)));
        Assert.Equal(wrong, Enter(_one, Cell(first)) is not null);
    }

    [Fact]
    public void It_sees_who_came_in_through_another_process()
    {
        using var other = new Witness(_folder.At("witness"));
        Assert.Null(Enter(_one, Cell("deploy MUTATES")));
        Assert.NotNull(other.Enter(other.AddWorker(), Cell("deploy MUTATES"), Later, 9, () => Now));
    }

    [Fact]
    public void Who_has_left_or_whose_time_is_up_is_not_in()
    {
        Enter(_one, Cell("deploy MUTATES"));
        _witness.Leave(_one, Cell("deploy MUTATES"));
        Assert.Null(Enter(_two, Cell("deploy MUTATES")));
        Assert.Null(_witness.Enter(_one, Cell("deploy MUTATES"), Later * 2, 99, () => Later));
        Assert.NotNull(_witness.Enter(_two, Cell("deploy CONSUMES"), Later * 3, 99, () => (Later * 2) - 1));
    }

    [Fact]
    public void Who_is_bound_to_a_process_is_in_as_long_as_that_lives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Leases are bound to processes on Linux.");
        const int NoProcess = int.MaxValue;
        Enter(_witness.AddWorker(NoProcess), Cell("deploy MUTATES"));
        Enter(_witness.AddWorker(Environment.ProcessId), Cell("docs/x.md MUTATES"));
        Assert.Null(Enter(_one, Cell("deploy MUTATES")));
        Assert.NotNull(Enter(_one, Cell("docs/x.md MUTATES")));
    }

    [Fact]
    public void One_worker_may_be_in_as_often_as_it_likes()
    {
        Assert.Null(Enter(_one, Cell("src/a.ts MUTATES")));
        Assert.Null(Enter(_one, Cell("src/** DELETES")));
        Assert.Null(Enter(_one, Cell("src/a.ts CONSUMES")));
    }

    [Fact]
    public void A_writer_whose_token_is_not_the_highest_is_seen()
    {
        Assert.Null(_witness.Enter(_one, Cell("deploy MUTATES"), Later, 7, () => Now));
        _witness.Leave(_one, Cell("deploy MUTATES"));
        Assert.NotNull(_witness.Enter(_two, Cell("deploy DELETES"), Later, 7, () => Now));
        Assert.Null(_witness.Enter(_two, Cell("deploy CONSUMES"), Later, 6, () => Now));
        Assert.Null(_witness.Enter(_two, Cell("docs/x.md MUTATES"), Later, 6, () => Now));
    }

    public void Dispose()
    {
        _witness.Dispose();
        _folder.Dispose();
    }

    private string? Enter(int worker, int cell) => _witness.Enter(worker, cell, Later, _token++, () => Now);

    private static int Cell(string claim) =>
        Enumerable.Range(0, Ground.Cells).Single(cell => $"{Ground.Claim(cell).Path} {Ground.Claim(cell).Predicate}" == claim);
}
