using System.Globalization;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>A hook that waits: it goes on by itself, and ends with its client.</summary>
public sealed class WaitTests : IDisposable
{
    private const int Kill = 9, Terminate = 15;

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void ItGoesOnWhenTheFileIsFree()
    {
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", "a.txt", "one")));
        using Running waiting = Wait("klock hook claude PreToolUse < ../event");
        UntilItWaits();
        _place.KlockWith(HookCall.Event(_place, "Write", "a.txt", "one"), "hook", "claude", "PostToolUse").Well();
        Assert.Null(HookCall.Blocks(waiting.End().Well()));
    }

    [Fact]
    public void AWaitThatIsOverBlocks()
    {
        _place.Environment["KLOCK_WAIT"] = "1200ms";
        HookCall.Tool(_place, "Write", "a.txt", "one");
        string? reason = HookCall.Blocks(HookCall.Tool(_place, "Write", "a.txt", "two").Well());
        Assert.Contains("after 1 s of waiting", reason, StringComparison.Ordinal);
    }

    // Killed, a client ends nothing: its shell and the hook live on.
    [Fact]
    public void AKilledClientsHookEndsAndNothingStays()
    {
        HookCall.Tool(_place, "Write", "a.txt", "one");
        using Running client = _place.StartOther("sleep", "60");
        _place.Environment["CLAUDE_PID"] = client.Pid.ToString(CultureInfo.InvariantCulture);
        using Running waiting = Wait("exec klock hook claude PreToolUse < ../event");
        UntilItWaits();
        client.Signal(Kill);
        Assert.NotNull(HookCall.Blocks(waiting.End()));
        Assert.Single(_place.Klock("leases").Well().Rows);
    }

    [Fact]
    public void ALeaseEndsWithItsClient()
    {
        using Running client = _place.StartOther("sleep", "60");
        _place.Environment["CLAUDE_PID"] = client.Pid.ToString(CultureInfo.InvariantCulture);
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", "a.txt", "one")));
        Assert.Single(_place.Klock("leases").Well().Rows);
        client.Signal(Kill);
        Running.Until(() => _place.Klock("leases").Well().Rows.Length == 0, "the lease is gone");
        _place.Environment.Clear();
        _place.Environment["KLOCK_WAIT"] = "0s";
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", "a.txt", "two")));
    }

    [Fact]
    public void AHookThatIsEndedBlocksAndLeavesNothing()
    {
        HookCall.Tool(_place, "Write", "a.txt", "one");
        using Running waiting = Wait("exec klock hook claude PreToolUse < ../event");
        UntilItWaits();
        waiting.Signal(Terminate);
        HookCall.Refused(waiting.End());
        _place.KlockWith(HookCall.Event(_place, "Write", "a.txt", "one"), "hook", "claude", "Stop").Well();
        Assert.Empty(_place.Klock("leases").Well().Rows);
    }

    private Running Wait(string command)
    {
        File.WriteAllText(Path.Combine(_place.Top, "event"), HookCall.Event(_place, "Write", "a.txt", "two"));
        return _place.StartOther("sh", "-c", command);
    }

    // The holder is told that somebody waits.
    private void UntilItWaits() => Running.Until(
        () => _place.KlockWith(HookCall.Event(_place, "Grep", "x", "one"), "hook", "claude", "PreToolUse").Out.Contains(
            "claude:two waits", StringComparison.Ordinal), "it waits");
}
