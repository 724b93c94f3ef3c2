using System.Runtime.Versioning;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Client.Holding;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>Acquires leases, runs a command while it holds them, and releases them.</summary>
/// <param name="asked">The leases.</param>
/// <param name="command">The command and its arguments.</param>
/// <param name="killsOnLoss">Whether a lost lease stops the command, or is only reported.</param>
[SupportedOSPlatform("linux")]
internal sealed class LeasedRun(LeaseRequest asked, string[] command, bool killsOnLoss)
{
    public const string FencingTokenVariable = "KLOCK_FENCING_TOKEN";

    private const long ShortestTtlMs = 1_000;

    private readonly Lock _reporting = new();

    // Whether it was reported that the command is stopped. Guarded by _reporting.
    private bool _isReported;

    // Whether the command was stopped, or kept from starting, because a lease was lost. Guarded by _reporting.
    private bool _wasStopped;

    /// <summary>Acquires the leases, runs the command to its end, and releases them.</summary>
    /// <param name="openTransport">Opens the transport; leases are bound to the command's process group where that is possible.</param>
    /// <param name="json">Whether a refusal is reported in JSON.</param>
    /// <returns>The exit code: the command's, unless it did not run or was stopped.</returns>
    public int Run(Func<int, ITransport> openTransport, bool json)
    {
        if (asked.TtlMs < ShortestTtlMs)
        {
            throw CliFailure.Usage("--ttl is too short for run: it must be at least 1s, so that there is time to renew it.");
        }

        using var signals = new Signals(listens: true);
        using var child = new Child(command);
        using ITransport transport = openTransport(child.Group);
        try
        {
            long sentAt = transport.Clock.GetTimestamp();
            Answer answer = asked.Send(transport, requestId: null, signals.Token);
            if (!answer.Outcome.IsSuccess)
            {
                return Out.Verdict(answer, json);
            }

            JsonElement[] leases = [.. answer.Leases];
            WarnOf(leases);
            return RunHolding(transport, child, leases, sentAt, signals);
        }
        catch (OperationCanceledException) when (signals.First is { } signal)
        {
            return ExitCode.Signal + signal;
        }
    }

    // A run inside another run's command shares the session of that one on purpose.
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

    private int RunHolding(ITransport transport, Child child, JsonElement[] leases, long sentAt, Signals signals)
    {
        string[] ids = [.. leases.Select(lease => lease.GetProperty("lease_id").GetString()!)];
        var held = new HeldLeases(transport, asked.Agent, asked.Session, ids, TimeSpan.FromMilliseconds(asked.TtlMs));
        LeaseAnswer taken = LateGrant.TakeUp(held, transport.Clock, ref sentAt, signals.Token);
        if (taken.Kind is not LeaseAnswerKind.Done)
        {
            ErrorCode code = taken.Kind is LeaseAnswerKind.Ended ? ErrorCode.Expired : ErrorCode.StorageUnavailable;
            throw new CliFailure(ExitCode.LeaseLost, code, $"The grant came late and could not be renewed. {taken.Sentence}");
        }

        using var keeper = new LeaseKeeper(
            held, transport.Clock, sentAt, until => NativeCalls.ExtendChild(transport.Clock.Id, until), why => Lost(child, why));
        bool wasHeld;
        int exitCode;
        try
        {
            keeper.Start();
            exitCode = RunChild(transport.Clock, child, keeper, EnvironmentOf(leases, ids), signals);
        }
        finally
        {
            wasHeld = Release(keeper);
        }

        return child.IsLate || WasStopped() || (killsOnLoss && !wasHeld) ? ExitCode.LeaseLost : exitCode;
    }

    private int RunChild(LeaseClock clock, Child child, LeaseKeeper keeper, string[] environment, Signals signals)
    {
        // A signal that arrives before the command runs ends this process, a later one is sent to the command.
        if (!signals.TrySendTo(child))
        {
            return ExitCode.Signal + signals.First!.Value;
        }

        int code = child.TryGo(environment, clock.Id, keeper.Until, killsOnLoss) ? child.End() : ExitCode.LeaseLost;
        if (child.IsLate)
        {
            // Where a lost lease is only reported, that starts once the command runs.
            ReportStop($"the command was {(killsOnLoss ? "stopped" : "not started")}. {LeaseKeeper.OutOfTime}");
        }

        return code;
    }

    private static string[] EnvironmentOf(JsonElement[] leases, string[] ids)
    {
        long token = leases.Max(lease => lease.GetProperty("fencing_token").GetInt64());
        return [$"{Nesting.LeaseIdsVariable}={Nesting.Add(ids)}", $"{FencingTokenVariable}={token}"];
    }

    // The timer that stops the command and the renewal that failed may notice the same at the same moment, each on a thread of its own: it
    // is reported once.
    private void ReportStop(string sentence)
    {
        lock (_reporting)
        {
            if (!killsOnLoss || !_isReported)
            {
                _isReported = true;
                Out.Complain(sentence);
            }
        }
    }

    // Only once it is reported: the end of the command wakes the thread that ends this process.
    private bool WasStopped()
    {
        lock (_reporting)
        {
            return _wasStopped;
        }
    }

    // At once and for good: without its leases the command must not write one more byte, nor start. Killed first, since nobody may read
    // what is reported.
    private void Lost(Child child, string why)
    {
        lock (_reporting)
        {
            string then = !child.HasStarted ? "the command is not started" : killsOnLoss ? "the command is stopped" : "the command runs on";
            if (killsOnLoss || !child.HasStarted)
            {
                _wasStopped = true;
                child.Kill(NativeCalls.SigKill);
            }

            ReportStop($"a lease is lost, and {then}. {why}");
        }
    }

    // Whether they lasted until the command had ended.
    private static bool Release(LeaseKeeper keeper)
    {
        LeaseAnswer answer = keeper.Release();
        if (answer.Kind is LeaseAnswerKind.Ended)
        {
            Out.Complain($"a lease was lost before the command had ended. {answer.Sentence}");
        }
        else if (answer.Kind is not LeaseAnswerKind.Done)
        {
            Out.Complain($"a lease could not be released, and will run out by itself. {answer.Sentence}");
        }

        return answer.Kind is not LeaseAnswerKind.Ended;
    }
}
