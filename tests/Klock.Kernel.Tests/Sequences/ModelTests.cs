using CsCheck;
using Xunit;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>The kernel against the model that was written from SPEC. A failure prints its seed: set CsCheck_Seed to it to replay.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Kernel_and_follower_answer_and_become_what_the_model_does()
    {
        var reach = new Reach();
        CommandGen.Sequence.Sample(commands => World.Run(commands, reach), iter: 2_000, print: Print);
        reach.AssertReached(
            50,
            "Register done",
            "Register AGENT_BUSY",
            "Acquire granted",
            "Acquire WAIT",
            "Acquire DIE",
            "Acquire refused path",
            "Acquire repeated",
            "Acquire request id reused",
            "Declare GRANT",
            "Declare WAIT",
            "Declare DIE",
            "Heartbeat granted",
            "Heartbeat EXPIRED",
            "Heartbeat UNKNOWN_LEASE",
            "Release done",
            "Release EXPIRED",
            "Release UNKNOWN_LEASE",
            "Revoke done",
            "Failover done",
            "more conflicts than are listed",
            "a pause shorter than the longest");
    }

    private static string Print(Command[] commands) => string.Join('\n', commands.Select(command => command.ToString()));
}
