using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>run: klock, its guard, or both are killed. The leases end when all of the command is gone, at once and not before.</summary>
public sealed class DeathTests : IDisposable
{
    // Longer than any test is patient: no lease here ends because its time is over.
    private const string Ttl = "1h";
    private const int SigKill = 9;
    private const int Rounds = 20;

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void When_klock_is_killed_its_group_goes_with_it_and_then_the_lease_is_free()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using Running run = Family.Start(_place, Ttl);
            run.Signal(SigKill);
            TakeOnceTheFamilyIsGone();
        }
    }

    [Fact]
    public void When_the_guard_is_killed_another_stands_up()
    {
        using Running run = Family.Start(_place, Ttl);
        for (int round = 0; round < 3; round++)
        {
            int guard = Family.GuardOf(run.Pid)!.Value;
            Running.Signal(guard, SigKill);
            Running.Until(() => Family.GuardOf(run.Pid) is { } next && next != guard, "there is another guard");
            Assert.Equal(11, _place.Klock("acquire", "--file", "a.ts").Code);
            Assert.True(Family.IsAlive(_place));
        }

        run.Signal(SigKill);
        TakeOnceTheFamilyIsGone();
    }

    [Fact]
    public void When_both_are_killed_what_lives_on_keeps_the_lease_until_it_is_gone()
    {
        using Running run = Family.Start(_place, Ttl);
        int guard = Family.GuardOf(run.Pid)!.Value, inner = Family.Id(_place, Family.Inner);

        // A guard that stands still can do nothing about what happens to klock.
        Running.Signal(guard, 19);
        run.Signal(SigKill);
        Running.Signal(guard, SigKill);
        Running.Until(() => !Running.IsAlive(Family.Id(_place, Family.Outer)), "the command goes with klock");
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(11, _place.Klock("acquire", "--file", "a.ts").Code);
            Assert.True(Running.IsAlive(inner));
        }

        Running.Signal(inner, SigKill);
        TakeOnceTheFamilyIsGone();
    }

    [Fact]
    public void Killed_while_it_waits_it_leaves_the_queue_and_nothing_behind()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        using Running run = _place.Start("run", "--file", "a.ts", "--ttl", Ttl, "--", "touch", "ran");
        Running.Until(() => _place.Klock("why", "a.ts").Out.Contains("waiting", StringComparison.Ordinal), "it waits");
        int child = Family.Children(run.Pid).Single(process => process.Name == "klock").Pid;
        run.Signal(SigKill);
        Running.Until(() => !Running.IsAlive(child), "the child that never went is gone");
        _place.Klock("release", lease).Well();
        _place.Klock("acquire", "--file", "a.ts").Well();
        Assert.False(File.Exists(_place.At("ran")));
    }

    // Whoever is granted the lease must find nobody of the family.
    private void TakeOnceTheFamilyIsGone()
    {
        Ran taken = _place.Klock("acquire", "--file", "a.ts");
        for (long start = TimeProvider.System.GetTimestamp(); taken.Code != 0; taken = _place.Klock("acquire", "--file", "a.ts"))
        {
            Assert.Equal(11, taken.Code);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "the lease is not free");
        }

        Assert.False(Family.IsAlive(_place));
        _place.Klock("release", taken.Rows[0][0]).Well();
    }
}
