using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Where output goes when it cannot go on as usual.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_full_disk_is_told_and_a_reader_that_went_is_not()
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        Ran full = Shell("klock leases > /dev/full");
        Assert.Equal(1, full.Code);
        Assert.Matches("^klock: the output cannot be written: .*\n$", full.Error);
        Assert.Equal(3, Shell("klock release 0123 2> /dev/full").Code);
        Shell("klock leases | true").Well();
        Assert.Equal("2\n", Shell("(klock leases; klock leases) > both; wc -l < both").Well().Out);
    }

    private Ran Shell(string script)
    {
        using Running shell = _place.StartOther("sh", "-c", script);
        return shell.End();
    }
}
