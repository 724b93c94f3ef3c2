using System.Text.Json;
using Klock.Cli.Doors;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>Gets leases, runs a command while it holds them, and lets them go.</summary>
/// <param name="order">The leases.</param>
/// <param name="command">The command and its arguments.</param>
/// <param name="killsOnLoss">Whether a lost lease stops the command, or is only told.</param>
internal sealed class LeasedRun(Order order, string[] command, bool killsOnLoss)
{
    public const string FencingTokenVariable = "KLOCK_FENCING_TOKEN";

    private const long ShortestTtlMs = 1_000;

    private static readonly TimeSpan _releasePatience = TimeSpan.FromSeconds(3);

    // 1 once it was said that the command is stopped.
    private int _isTold;

    // Whether the command was stopped, or kept from starting, because a lease was lost.
    private volatile bool _wasStopped;

    /// <summary>Does it.</summary>
    /// <param name="openDoor">Opens the way to the leases, which are bound to the command's process group where that can be.</param>
    /// <param name="json">Whether a refusal is told in JSON.</param>
    /// <returns>The exit code: the command's, unless it did not run or was stopped.</returns>
    public int Run(Func<int, IDoor> openDoor, bool json)
    {
        if (order.TtlMs < ShortestTtlMs)
        {
            throw CliFailure.Usage("--ttl is too short for run: it must be at least 1s, so that there is time to renew it.");
        }

        using var signals = new Signals(listens: true);
        using var child = new Child(command);
        using IDoor door = openDoor(child.Group);
        try
        {
            long sentAt = door.Clock.GetTimestamp();
            Answer answer = order.Place(door, requestId: null, signals.Token);
            if (!answer.Outcome.IsSuccess)
            {
                return Out.Verdict(answer, json);
            }

            JsonElement[] leases = [.. Order.LeasesOf(answer)];
            WarnOf(leases);
            return RunHolding(door, child, leases, sentAt, signals);
        }
        catch (OperationCanceledException) when (signals.First is { } signal)
        {
            return ExitCode.Signal + signal;
        }
    }

    // A run inside another run's command shares that one's session on purpose.
    private static void WarnOf(JsonElement[] leases)
    {
        foreach (JsonElement lease in leases)
        {
            if (!Nesting.IsNested && lease.TryGetProperty("warning", out JsonElement warning))
            {
                Out.Complain(warning.GetString()!);
            }
        }
    }

    private int RunHolding(IDoor door, Child child, JsonElement[] leases, long sentAt, Signals signals)
    {
        string[] ids = [.. leases.Select(lease => lease.GetProperty("lease_id").GetString()!)];
        var held = new HeldLeases(order.Agent, order.Session, ids, TimeSpan.FromMilliseconds(order.TtlMs));
        bool isOutOfTime = false;
        try
        {
            // Who has waited knows only that the grant came some time since: a renewal has a time of its own.
            if (door.Clock.GetElapsedTime(sentAt) > held.Ttl / 10)
            {
                sentAt = RenewFirst(door, held, signals.Token);
            }

            using var keeper = new LeaseKeeper(
                door, held, sentAt, until => NativeCalls.ExtendChild(door.Clock.Id, until), why => Lost(child, why));
            keeper.Start();
            int code = RunChild(door.Clock, child, keeper, EnvironmentOf(leases, ids), signals);
            isOutOfTime = keeper.IsOutOfTime || child.IsLate;
            return child.IsLate || _wasStopped ? ExitCode.LeaseLost : code;
        }
        finally
        {
            if (!isOutOfTime)
            {
                LetGo(door, ids);
            }
        }
    }

    // Returns when it was sent. A server that goes just now has half of the ttl to come again.
    private static long RenewFirst(IDoor door, HeldLeases held, CancellationToken cancel) => RideOut.Run(
        door.Clock, held.Ttl / 2, held.Ttl / 2, RideOut.Say,
        _ =>
        {
            long sentAt = door.Clock.GetTimestamp();
            return held.Renew((operation, request) => door.Ask(operation, request, cancel)) is { } why
                ? throw new CliFailure(ExitCode.LeaseLost, ErrorCode.Expired, why) : sentAt;
        },
        cancel);

    private int RunChild(LeaseClock clock, Child child, LeaseKeeper keeper, string[] environment, Signals signals)
    {
        // A signal that comes before the command runs ends this process, one that comes after goes to the command.
        if (!signals.TrySendTo(child))
        {
            return ExitCode.Signal + signals.First!.Value;
        }

        int code = child.TryGo(environment, clock.Id, keeper.Until, killsOnLoss) ? child.End() : ExitCode.LeaseLost;
        if (child.IsLate && (!killsOnLoss || IsFirstToTell()))
        {
            // Where a lost lease is only to be told, that counts once the command runs.
            Out.Complain($"the command was {(killsOnLoss ? "stopped" : "not started")}. {LeaseKeeper.OutOfTime}");
        }

        return code;
    }

    private static string[] EnvironmentOf(JsonElement[] leases, string[] ids)
    {
        long token = leases.Max(lease => lease.GetProperty("fencing_token").GetInt64());
        return [$"{Nesting.LeaseIdsVariable}={Nesting.Add(ids)}", $"{FencingTokenVariable}={token}"];
    }

    // The clock that stops the command and the renewal that failed may notice the same at the same moment.
    private bool IsFirstToTell() => Interlocked.Exchange(ref _isTold, 1) == 0;

    // At once and for good: without its leases the command must not write one more byte, and must not begin to.
    private void Lost(Child child, string why)
    {
        string then = !child.HasStarted ? "the command is not started" : killsOnLoss ? "the command is stopped" : "the command runs on";
        if (!killsOnLoss || IsFirstToTell())
        {
            Out.Complain($"a lease is lost, and {then}. {why}");
        }

        if (killsOnLoss || !child.HasStarted)
        {
            _wasStopped = true;
            child.Kill(NativeCalls.SigKill);
        }
    }

    // Whoever waits for the file would wait for the rest of the ttl, so a server that starts anew is asked again.
    private static void LetGo(IDoor door, string[] ids)
    {
        foreach (string id in ids)
        {
            try
            {
                Answer answer = RideOut.Run(
                    door.Clock, _releasePatience, _releasePatience, gone: _ => { }, _ => door.Ask(Operation.Release, Request.OnLease(id)),
                    CancellationToken.None);
                if (!answer.Outcome.IsSuccess && answer.Outcome.Error is not (ErrorCode.Expired or ErrorCode.UnknownLease))
                {
                    Out.Complain($"a lease could not be released, and will run out by itself. {answer.Sentence}");
                }
            }
            catch (CliFailure failure)
            {
                Out.Complain($"a lease could not be released, and will run out by itself. {failure.Message}");
                return;
            }
        }
    }
}
