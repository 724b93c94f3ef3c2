using System.Text.Json;
using Klock.Cli.Doors;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Running;

/// <summary>Gets leases, runs a command while it holds them, and lets them go.</summary>
/// <param name="order">The leases.</param>
/// <param name="command">The command and its arguments.</param>
/// <param name="killsOnLoss">Whether a lost lease stops the command, or is only told.</param>
internal sealed class LeasedRun(Order order, string[] command, bool killsOnLoss)
{
    public const string LeaseIdsVariable = "KLOCK_LEASE_IDS";
    public const string FencingTokenVariable = "KLOCK_FENCING_TOKEN";

    private const long ShortestTtlMs = 1_000;

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
            long sentAt = TimeProvider.System.GetTimestamp();
            Answer answer = order.Place(door, requestId: null, signals.Token);
            if (!answer.IsSuccess)
            {
                return Out.Verdict(answer, json);
            }

            return RunHolding(door, child, [.. Order.LeasesOf(answer)], sentAt, signals);
        }
        catch (OperationCanceledException) when (signals.First is { } signal)
        {
            return ExitCode.Signal + signal;
        }
    }

    private int RunHolding(IDoor door, Child child, JsonElement[] leases, long sentAt, Signals signals)
    {
        string[] ids = [.. leases.Select(lease => lease.GetProperty("lease_id").GetString()!)];
        var ttl = TimeSpan.FromMilliseconds(order.TtlMs);
        bool isOutOfTime = false;
        try
        {
            // Who has waited knows only that the grant came some time since: a renewal has a time of its own.
            if (order.WaitMs > 0 && TimeProvider.System.GetElapsedTime(sentAt) > ttl / 10)
            {
                sentAt = TimeProvider.System.GetTimestamp();
                if (LeaseKeeper.RenewAll(door, ids, signals.Token) is { } why)
                {
                    throw new CliFailure(ExitCode.LeaseLost, why);
                }
            }

            using var keeper = new LeaseKeeper(door, ids, ttl, sentAt, why => Lost(child, why));
            int code = RunChild(child, keeper, ids, leases.Max(lease => lease.GetProperty("fencing_token").GetInt64()), signals);
            isOutOfTime = keeper.IsOutOfTime;
            return keeper.IsLost && killsOnLoss ? ExitCode.LeaseLost : code;
        }
        finally
        {
            LetGo(door, isOutOfTime ? [] : ids);
        }
    }

    private static int RunChild(Child child, LeaseKeeper keeper, string[] ids, long token, Signals signals)
    {
        // A signal that comes before the command runs ends this process, one that comes after goes to the command.
        string[] environment = [$"{LeaseIdsVariable}={string.Join(',', ids)}", $"{FencingTokenVariable}={token}"];
        if (!child.TryGo(environment, () => signals.TrySendTo(child.Kill)))
        {
            return ExitCode.Signal + signals.First!.Value;
        }

        keeper.Start();
        return child.End();
    }

    // At once and for good: without its leases the command must not write one more byte.
    private void Lost(Child child, string why)
    {
        Out.Complain(
            killsOnLoss ? $"a lease is lost, and the command is stopped. {why}" : $"a lease is lost, and the command runs on. {why}");
        if (killsOnLoss)
        {
            child.Kill(NativeCalls.SigKill);
        }
    }

    private static void LetGo(IDoor door, string[] ids)
    {
        foreach (string id in ids)
        {
            try
            {
                Answer answer = door.Ask(Operation.Release, Request.OnLease(id));
                if (!answer.IsSuccess && answer.Code is not ("EXPIRED" or "UNKNOWN_LEASE"))
                {
                    Out.Complain($"a lease could not be released, and will run out by itself. {answer.Sentence}");
                }
            }
            catch (CliFailure failure)
            {
                Out.Complain($"a lease could not be released, and will run out by itself. {failure.Message}");
            }
        }
    }
}
